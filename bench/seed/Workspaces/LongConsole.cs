using System.Globalization;
using System.Text;
using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>What a training of weeks prints: progress by the second, colours, warnings, a stack trace now and then.</summary>
internal sealed record LongConsole() : Workspace("long-console", "one run with 100 MB of console output")
{
    private const long Bytes = 100_000_000;
    private const int LinesOfRequest = 10_000;

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        var run = await target.Client.Runs.CreateAsync(new CreateRunRequest { ExperimentId = experiment, Id = RunId(0), Name = "three-weeks", StartTime = Start });
        var (written, number) = (0L, 0);
        for (var sequence = 0L; written < Bytes; sequence++)
        {
            var lines = new List<NewConsoleLine>(LinesOfRequest);
            while (lines.Count < LinesOfRequest)
            {
                var line = Line(number++);
                written += Encoding.UTF8.GetByteCount(line.Text) + 1;
                lines.Add(line);
            }

            await target.Client.Consoles.AppendAsync(run.Id, new AppendConsoleRequest { Lines = lines, Source = "seed", Sequence = sequence });
        }

        await target.Client.Runs.UpdateAsync(run.Id, new UpdateRunRequest { Status = RunStatuses.Finished, EndTime = Start + (number * 900L) });
    }

    private static NewConsoleLine Line(int number)
    {
        var random = new Random(number);
        var text = (number % 5000, number % 500, number % 97) switch
        {
            (0, _, _) => $"\e[1m=== epoch {number / 5000} ===\e[0m",
            (2500, _, _) => "  File \"/srv/train/loop.py\", line 211, in step: RuntimeError: CUDA out of memory, retrying with half the batch",
            (_, 250, _) => string.Create(CultureInfo.InvariantCulture, $"\e[33mWARNING\e[0m gradient norm {random.NextDouble() * 90:0.00} was clipped to 1.0"),
            (_, _, 13) => string.Create(CultureInfo.InvariantCulture, $"\e[32mcheckpoint\e[0m saved to /data/ckpt/step-{number:0000000}.pt in {random.NextDouble():0.00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"step {number:0000000}  loss {2.5 / Math.Sqrt(1 + (number / 5000.0)):0.0000}  lr {0.001 * (1 + Math.Cos(number / 90_000.0)):0.000000}  {random.Next(900, 1100)} samples/s  mem {random.Next(60, 78)} GiB"),
        };
        return new NewConsoleLine { Time = Start + (number * 900L), Stream = number % 500 == 250 || number % 5000 == 2500 ? ConsoleStreams.Err : ConsoleStreams.Out, Text = text };
    }
}
