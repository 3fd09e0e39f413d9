using System.Globalization;
using System.Security.Cryptography;

namespace Runstone.Core.Runs;

/// <summary>Makes up names for runs that were started without one: two words and a number, easy to say and to search.</summary>
public static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clear", "clever", "cosy", "crisp", "curious", "daring", "deep",
        "eager", "early", "fair", "fine", "firm", "fresh", "gentle", "glad", "golden", "grand", "happy", "honest", "humble", "keen",
        "kind", "lively", "lucky", "mellow", "merry", "mild", "neat", "noble", "open", "patient", "plain", "proud", "quick", "quiet",
        "rapid", "rare", "ready", "rich", "rustic", "safe", "sharp", "silent", "silver", "sleek", "smart", "smooth", "snug", "solid",
        "steady", "still", "strong", "sunny", "swift", "tidy", "true", "vivid", "warm", "wise", "witty", "young",
    ];

    private static readonly string[] Nouns =
    [
        "agate", "alder", "aspen", "basalt", "beech", "birch", "boulder", "brook", "canyon", "cedar", "chalk", "cliff", "clover",
        "cobble", "coral", "cove", "crag", "creek", "delta", "dune", "elm", "fern", "fjord", "flint", "garnet", "glade", "glen",
        "granite", "grove", "harbor", "hazel", "heath", "hill", "island", "jasper", "kestrel", "lagoon", "lake", "larch", "ledge",
        "linden", "maple", "marble", "meadow", "mesa", "moss", "oak", "onyx", "opal", "otter", "pebble", "pine", "plateau", "quartz",
        "reef", "ridge", "river", "robin", "sand", "shale", "shore", "slate", "sparrow", "spruce", "summit", "topaz", "valley", "willow",
    ];

    /// <summary>For example <c>quiet-granite-217</c>.</summary>
    public static string Random() => string.Create(
        CultureInfo.InvariantCulture, $"{Pick(Adjectives)}-{Pick(Nouns)}-{RandomNumberGenerator.GetInt32(100, 1000)}");

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
