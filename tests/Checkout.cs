namespace Grid.Tests;

/// <summary>Files of the checkout, found by walking up to Grid.sln.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Case(string name) => Path.Combine(Root, "tests", "cases", name);

    /// <summary>A file that lies beside the checkout, and is not part of it; the test is skipped where it is absent.</summary>
    public static string Neighbouring(params string[] path)
    {
        var file = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. path]));
        Assert.SkipUnless(File.Exists(file), $"{string.Join('/', path)} does not lie beside the checkout.");
        return file;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run inside the checkout, below Grid.sln.");
    }
}
