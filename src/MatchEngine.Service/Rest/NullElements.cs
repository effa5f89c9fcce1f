using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rest;

/// <summary>
/// Refuses lists and tables of a request that hold null where values are meant. The serializer looks at the nullability of members, not at
/// that of what they hold, and one null in a stored table would make it unreadable.
/// </summary>
internal static class NullElements
{
    private static readonly ConcurrentDictionary<Type, Member[]> Known = [];

    /// <summary>Looks at a request and at the records in it.</summary>
    /// <param name="request">A record of ours; anything else passes.</param>
    /// <exception cref="ProblemException">It holds a null; the message names the member.</exception>
    public static void Refuse(object? request)
    {
        if (request is null || request.GetType().Assembly != typeof(NullElements).Assembly)
            return;
        foreach (var member in Known.GetOrAdd(request.GetType(), static type => Members(type)))
        {
            var value = member.Property.GetValue(request);
            if (value is IEnumerable elements and not string)
            {
                var held = value is IDictionary table ? table.Values : elements;
                foreach (var element in held)
                {
                    if (element is null ? member.HoldsValues : IsNullOfPair(element) && member.HoldsValues)
                        throw new ProblemException(Problem.BadValue, $"{member.Name} holds null where a value is meant: leave it out");
                    Refuse(element);
                }
            }
            else
            {
                Refuse(value);
            }
        }
    }

    private static bool IsNullOfPair(object element) => element is KeyValuePair<string, string> { Value: null };

    private static Member[] Members(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsValueType
                    && property.PropertyType != typeof(string))
                .Select(property => new Member(
                    property, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                    (nullability.Create(property).GenericTypeArguments is [.., var held] ? held.ReadState : NullabilityState.Unknown)
                        == NullabilityState.NotNull)),
        ];
    }

    /// <summary>A member of a request.</summary>
    /// <param name="Property">It.</param>
    /// <param name="Name">Its name in JSON.</param>
    /// <param name="HoldsValues">Whether what it holds is never null.</param>
    private sealed record Member(PropertyInfo Property, string Name, bool HoldsValues);
}
