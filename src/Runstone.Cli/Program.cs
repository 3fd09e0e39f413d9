using Runstone.Cli;

using var interrupt = new Interrupt();
using var terminal = Terminal.OfProcess();
return await CommandLine.RunAsync(args, terminal, interrupt);
