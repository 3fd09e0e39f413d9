using System.Globalization;
using Runstone.Client;

// Logs to the server of the environment until it is stopped from outside, in the way that the first argument names. Every line on
// standard output is a promise: what it counts was logged before.
var (mode, runId) = (args[0], args[1]);
var run = await Tracking.StartRunAsync("child", new RunOptions { RunId = runId, CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero });
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

    case "exit":
        run.Log("loss", 0.5, 1);
        return int.Parse(args[2], CultureInfo.InvariantCulture);

    default:
        throw new ArgumentException($"'{mode}' is not a way to end.");
}
