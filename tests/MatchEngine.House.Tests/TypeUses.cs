using MatchEngine.Tests;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatchEngine.House.Tests;

/// <summary>That one type of a project needs another of it, both outermost.</summary>
/// <param name="From">Who needs it.</param>
/// <param name="To">What is needed.</param>
internal sealed record TypeUse(TypeName From, TypeName To);

/// <summary>A type and the folder below its project that its namespace stands for; empty for the project's own folder.</summary>
/// <param name="Folder">With dots, for example <c>Images.Isolation</c>.</param>
/// <param name="Name">Without its type parameters.</param>
internal sealed record TypeName(string Folder, string Name);

/// <summary>
/// Which types of a project need which, read from what the compiler made of it: bases, attributes, members, and every instruction. Types
/// that the compiler makes (closures, state machines) count as those that hold them.
/// </summary>
internal static class TypeUses
{
    /// <summary>The uses between the types of one project.</summary>
    /// <param name="project">For example <c>MatchEngine.Galleries</c>; it was built beside this one, in the same configuration.</param>
    public static IReadOnlyCollection<TypeUse> Of(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly(project));
        var uses = new HashSet<TypeUse>();
        foreach (var type in module.GetTypes())
            foreach (var needed in Needed(type).SelectMany(Parts))
                if (needed.Scope == module && Name(project, type) is { } from && Name(project, needed) is { } to && from != to)
                    uses.Add(new(from, to));
        return uses;
    }

    /// <summary>All types of a project.</summary>
    /// <param name="project">As in <see cref="Of"/>.</param>
    public static IReadOnlyCollection<TypeName> Types(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly(project));
        return module.GetTypes().Select(type => Name(project, type)).OfType<TypeName>().ToHashSet();
    }

    private static string Assembly(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(TestData.Repository, "src", project, "bin", output.Parent!.Name, output.Name, project + ".dll");
    }

    private static TypeName? Name(string project, TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.Namespace != project && !type.Namespace.StartsWith(project + ".", StringComparison.Ordinal))
            return null;
        return new(type.Namespace[project.Length..].TrimStart('.'), type.Name.Split('`')[0]);
    }

    /// <summary>A type with what it is made of: elements and type arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType made => made.GenericArguments.SelectMany(Parts).Append(made.ElementType),
        FunctionPointerType pointer => Signature(pointer).SelectMany(Parts),
        IModifierType modified => Parts(modified.ElementType).Concat(Parts(modified.ModifierType)),
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };

    private static IEnumerable<TypeReference?> Needed(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. Attributes(type),
        .. Constraints(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Events.SelectMany(Attributes),
        .. type.Methods.SelectMany(Needed),
    ];

    private static IEnumerable<TypeReference?> Needed(MethodDefinition method) =>
    [
        .. Signature(method),
        .. Attributes(method),
        .. Attributes(method.MethodReturnType),
        .. method.Parameters.SelectMany(Attributes),
        .. Constraints(method),
        .. method.HasBody ? Needed(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Needed(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod made => [made.DeclaringType, .. Signature(made.ElementMethod), .. made.GenericArguments],
            MethodReference called => [called.DeclaringType, .. Signature(called)],
            CallSite site => Signature(site),
            _ => Enumerable.Empty<TypeReference?>(),
        }),
    ];

    private static IEnumerable<TypeReference?> Signature(IMethodSignature method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider holder) => holder.CustomAttributes.SelectMany(
        attribute => attribute.ConstructorArguments
            .Concat(attribute.Properties.Select(named => named.Argument))
            .SelectMany(Argument)
            .Append(attribute.AttributeType));

    private static IEnumerable<TypeReference?> Argument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument boxed => Argument(boxed),
        CustomAttributeArgument[] several => several.SelectMany(Argument),
        _ => [argument.Type],
    };

    private static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider holder) =>
        holder.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(constraint => constraint.ConstraintType));
}
