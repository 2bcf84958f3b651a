using Grid.Faults;

return await FaultsCommand.RunAsync(args);
