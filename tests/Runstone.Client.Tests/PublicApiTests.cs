using System.Reflection;
using System.Text;

namespace Runstone.Client.Tests;

/// <summary>
/// A change of the public surface is a visible change of a file. To accept it, run the test with RUNSTONE_UPDATE_SNAPSHOTS=1 and
/// review the difference.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void The_public_surface_is_the_committed_one()
    {
        var file = Repository.PathOf("src/Runstone.Client/PublicAPI.txt");
        var actual = Describe(typeof(TrackingClient).Assembly);
        if (string.Equals(Environment.GetEnvironmentVariable("RUNSTONE_UPDATE_SNAPSHOTS"), "1", StringComparison.Ordinal))
            File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file), actual);
    }

    [Fact]
    public void Every_asynchronous_method_says_so_and_can_be_cancelled()
    {
        var wrong = from type in typeof(TrackingClient).Assembly.GetExportedTypes()
                    from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    where typeof(Task).IsAssignableFrom(method.ReturnType)
                    where !method.Name.EndsWith("Async", StringComparison.Ordinal) || method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken)
                    select $"{type.Name}.{method.Name}";
        Assert.Empty(wrong);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
                text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsValueType)
            return "struct";
        if (type.IsInterface)
            return "interface";
        return type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : "class";
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
            return Enum.GetNames(type);
        var isRecord = type.GetMethod("<Clone>$") is not null;
        var fields = type.GetFields(Declared).Select(f => $"const {Name(f.FieldType)} {f.Name}");
        var constructors = type.GetConstructors(Declared).Select(c => $"new({Parameters(c)})");
        var properties = type.GetProperties(Declared)
            .Where(p => !isRecord || p.Name is not "EqualityContract")
            .Select(p => $"{Name(p.PropertyType)}{Mark(Nullability.Create(p))} {p.Name} {{ get;{(p.SetMethod is { IsPublic: true } ? " init;" : "")} }}");
        var methods = type.GetMethods(Declared)
            .Where(m => !m.IsSpecialName && !(IsValueLike(type) && m.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$"))
            .Select(m => $"{Name(m.ReturnType)}{Mark(Nullability.Create(m.ReturnParameter))} {m.Name}{Generics(m)}({Parameters(m)})");
        return fields.Concat(constructors).Concat(properties).Concat(methods);
    }

    private static bool IsValueLike(Type type) => type.GetInterfaces().Any(i => i.Name.StartsWith("IEquatable", StringComparison.Ordinal));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)}{Mark(Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}"));

    private static string Mark(NullabilityInfo info) => info is { ReadState: NullabilityState.Nullable, Type.IsValueType: false } ? "?" : "";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (!type.IsGenericType)
            return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}

/// <summary>Files of the repository, for tests that hold documents to code.</summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => string.Equals(a.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    public static string PathOf(string file) => Path.Combine(Root, file);
}
