namespace Grid.IntegrationTests;

/// <summary>Files beside the tests: those of the checkout, and the shared ones that a fresh clone does not have.</summary>
internal static class CheckoutOrSkip
{
    public static string Root { get; } = FindRoot();

    public static string Case(string name) => Path.Combine(Root, "tests", "cases", name);

    public static string SharedFile(string name)
    {
        var file = Path.Combine(Root, "..", "shared", name);
        if (!File.Exists(file)) Assert.Skip($"There is no ../shared/{name} beside this checkout.");
        return file;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Grid.sln above {AppContext.BaseDirectory}.");
    }
}
