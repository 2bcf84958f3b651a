[assembly: Xunit.v3.Parallelization(MaxThreads = 3)] // of two cores: much of what runs here waits for servers

namespace Grid.IntegrationTests;

/// <summary>Tests that measure the whole process, and therefore run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
