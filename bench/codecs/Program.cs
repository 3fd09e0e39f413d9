using System.Globalization;
using Runstone.Codecs;
using Runstone.Codecs.Contenders;
using Runstone.Core.Metrics.Chunks;

// dotnet run -c Release --project bench/codecs -- <adult.data> <folder of recordings> [values|speed|without|chunks|packs|rest ...]
var parts = args.Length > 2 ? args[2..] : ["values", "speed", "without", "chunks", "packs", "rest"];
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var training = Training.Run(args[0], 3 * Curves.Points);
var recorded = Recordings.Load(args[1]);
Curve[] curves = [.. Curves.Trained(training), .. Curves.Made(), new("recorded values, one series after the other", [.. recorded.SelectMany(r => r.Points).Select(p => p.Value).Take(Curves.Points)])];
ICoding[] contenders = [new Plain(1), new Plain(9), new ByteStreams(1), new Gorilla(), new Chimp128(), new Alp(), new Ours()];

foreach (var part in parts)
{
    switch (part)
    {
        case "values":
            Tables.Sizes(curves, contenders);
            break;
        case "speed":
            Tables.Speeds(curves, contenders);
            break;
        case "without":
            Tables.Sizes(curves, [new Ours(), .. Enum.GetValues<ValueCoding>().Skip(1).Select(c => new Ours(c))]);
            break;
        case "chunks":
            Tables.Chunks(curves);
            break;
        case "packs":
            Tables.Packs(recorded, training);
            break;
        case "rest":
            Tables.Rest(training);
            break;
        default:
            throw new ArgumentException($"'{part}' is no table: use values, speed, without, chunks, packs, rest.");
    }
}
