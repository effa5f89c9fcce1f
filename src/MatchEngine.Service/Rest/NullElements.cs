using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rest;

/// <summary>
/// Refuses lists and tables of a request that hold null where values are meant, as they are read. The serializer looks at the nullability
/// of members, not at that of what they hold, and one null in a stored table would make it unreadable.
/// </summary>
internal static class NullElements
{
    /// <summary>Has every record of ours looked at when it was read.</summary>
    /// <param name="type">What the serializer knows of a type; anything but a record of ours stays as it is.</param>
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(NullElements).Assembly)
            return;
        var nullability = new NullabilityInfoContext();
        var holders = type.Properties.Where(member => member.Get is not null && member.AttributeProvider is PropertyInfo property
            && property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
            && nullability.Create(property).GenericTypeArguments is [.., { ReadState: NullabilityState.NotNull, Type.IsValueType: false }])
                .ToList();
        if (holders.Count == 0)
            return;
        type.OnDeserialized = request =>
        {
            foreach (var holder in holders)
            {
                var held = holder.Get!(request) switch
                {
                    IDictionary table => table.Values,
                    IEnumerable elements => elements,
                    _ => Array.Empty<object>(),
                };
                if (held.Cast<object?>().Contains(null))
                    throw new ProblemException(Problem.BadValue, $"{holder.Name} holds null where a value is meant: leave it out");
            }
        };
    }
}
