using System.Reflection;
using System.Xml.Linq;

namespace Runstone.Architecture.Tests;

/// <summary>Storage contracts are narrow and say in prose what an engine owes.</summary>
public sealed class ContractTests
{
    private const int MaxMethods = 12;

    private static readonly Assembly Core = Assembly.Load("Runstone.Core");

    private static readonly IReadOnlyList<Type> Contracts =
        [.. Core.GetExportedTypes().Where(t => t.IsInterface && t.Name.EndsWith("Store", StringComparison.Ordinal))];

    [Fact]
    public void There_are_contracts() => Assert.Contains(Contracts, t => t.Name is "IRunStore");

    [Fact]
    public void A_contract_is_narrow() =>
        Repository.AssertNone($"A storage contract has at most {MaxMethods} methods", Contracts
            .Where(t => t.GetMethods().Length > MaxMethods)
            .Select(t => $"{t.FullName}: {t.GetMethods().Length} methods"));

    [Fact]
    public void A_contract_and_each_of_its_methods_is_documented()
    {
        var documented = XDocument.Load(Path.ChangeExtension(Core.Location, ".xml")).Descendants("member")
            .Where(m => !string.IsNullOrWhiteSpace(m.Element("summary")?.Value))
            .Select(m => m.Attribute("name")!.Value.Split('(')[0])
            .ToHashSet(StringComparer.Ordinal);
        Repository.AssertNone("A storage contract says keys, ordering, what is atomic, limits and absence", Contracts
            .SelectMany(t => t.GetMethods().Select(m => $"M:{t.FullName}.{m.Name}").Prepend($"T:{t.FullName}"))
            .Where(name => !documented.Contains(name))
            .Select(name => $"{name[2..]}: no <summary>"));
    }

    [Fact]
    public void A_method_takes_a_cancellation_token_last() =>
        Repository.AssertNone("CancellationToken last", Contracts
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken))
            .Select(m => $"{m.DeclaringType!.FullName}.{m.Name}"));
}
