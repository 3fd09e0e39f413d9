using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Runstone.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
