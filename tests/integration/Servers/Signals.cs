using System.Runtime.InteropServices;

namespace Grid.IntegrationTests.Servers;

/// <summary>Signals to other processes, by the system call: a slim Debian has no kill program.</summary>
internal static class Signals
{
    private const int Hangup = 1;
    private const int KillNow = 9;
    private const int Terminate = 15;

    public static void ReloadConfiguration(int process) => Send(process, Hangup);

    public static void AskToStop(int process) => Send(process, Terminate);

    public static void Kill(int process) => Send(process, KillNow);

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"Process {process} took no signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
