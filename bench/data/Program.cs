// [rounds] [MiB] [files]
using System.Globalization;
using Runstone.DataBench;

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

var (rounds, megabytes, files) = (Argument(0, 5), Argument(1, 512), Argument(2, 1_000_000));
var content = new byte[Math.Min((long)megabytes << 20, Array.MaxLength)];
new Random(1).NextBytes(content);
var figures = new Figures();
for (var round = 0; round < rounds; round++)
{
    await Chunks.MeasureAsync(figures, content);
    await Trees.MeasureAsync(figures, files);
}

Console.WriteLine(figures.ToMarkdown());
return 0;
