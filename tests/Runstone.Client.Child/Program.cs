using System.Globalization;
using Runstone.Client;

// Logs to the server of the environment until it is stopped from outside, in the way that the first argument names. Every line on
// standard output is a promise: what it counts was logged before.
var (mode, runId) = (args[0], args[1]);
var run = await Tracking.StartRunAsync("child", Quiet(runId));
run.LogParam("mode", mode);

switch (mode)
{
    case "log":
        run.LogText("note.txt", "logged by a process that is killed");
        for (long step = 0; ; step++)
        {
            run.Log("loss", 1.0 / (step + 1), step);
            run.Log("counter", step, step);
            if (step % 1000 == 0)
                Console.Out.WriteLine(step.ToString(CultureInfo.InvariantCulture));
        }

    case "wait":
        run.Log("loss", 0.5, 1);
        Console.Out.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;

    case "throw":
        run.Log("loss", 0.5, 1);
        throw new InvalidOperationException("the child fails");

    case "unwind":
        await using (run)
        {
            run.Log("loss", 0.5, 1);
            throw new InvalidOperationException("the child fails");
        }

    case "catch":
        try
        {
            await using (run)
            {
                run.Log("loss", 0.5, 1);
                throw new InvalidOperationException("the child recovers");
            }
        }
        catch (InvalidOperationException e)
        {
            Console.Out.WriteLine(e.Message);
        }

        throw new NotSupportedException("another exception ends the process, after the run");

    case "nested":
        await FoldsAsync(run);
        return 0;

    case "exit":
        run.Log("loss", 0.5, 1);
        return int.Parse(args[2], CultureInfo.InvariantCulture);

    default:
        throw new ArgumentException($"'{mode}' is not a way to end.");
}

// The first fold is over before anything goes wrong; the client of the second one is gone when the process ends.
async Task FoldsAsync(Run parent)
{
    await using (parent)
    {
        parent.Log("loss", 0.5, 1);
        await using (await parent.StartChildAsync("good", Quiet(runId + "-good")))
        {
        }

        try
        {
            await using var client = TrackingClient.FromEnvironment();
            await using var bad = await client.StartRunAsync("child", Quiet(runId + "-bad") with { Parent = parent });
            throw new InvalidOperationException("the fold fails");
        }
        catch (InvalidOperationException e)
        {
            throw new NotSupportedException("the child fails", e);
        }
    }
}

static RunOptions Quiet(string id) => new() { RunId = id, CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero };
