using Grid.Server;

return await GridCommand.RunAsync(args);

/// <summary>Where the process starts; tests find the assembly by it.</summary>
public partial class Program;
