namespace Grid.IntegrationTests.Servers;

/// <summary>What tests/run tells the tests about the servers that it started.</summary>
internal static class Setting
{
    public static string OrSkip(string name, string server)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Assert.SkipWhen(string.IsNullOrEmpty(value), $"{server} is not there: run tests/run");
        return value!;
    }
}
