namespace Grid.IntegrationTests.Servers;

/// <summary>The browser that tests/run found. Skips the test where there is none.</summary>
public static class Chromium
{
    public static string PathOrSkip() => Setting.OrSkip("GRID_TEST_CHROMIUM", "Chromium");
}
