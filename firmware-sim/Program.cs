return await Grid.FirmwareSim.CommandLine.RunAsync(args, TimeProvider.System);
