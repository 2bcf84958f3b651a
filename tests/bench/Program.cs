using Grid.Benchmarks;

return await BenchCommand.RunAsync(args, TimeProvider.System);
