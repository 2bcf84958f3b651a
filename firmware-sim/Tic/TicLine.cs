using System.IO.Ports;

namespace Grid.FirmwareSim;

/// <summary>Where TIC bytes come from: a serial line is set to the meter's mode, anything else is read as it is.</summary>
internal static class TicLine
{
    /// <summary>1200 baud for historique, 9600 for standard; both 7E1.</summary>
    public static Stream Open(string path, bool standard)
    {
        if (!File.Exists(path) && !path.StartsWith("COM", StringComparison.OrdinalIgnoreCase)) throw new InputException($"--tic '{path}' is no device and no file: give the serial line, such as /dev/ttyUSB0.");
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("COM", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                var port = new SerialPort(path, standard ? 9_600 : 1_200, Parity.Even, 7, StopBits.One);
                port.Open();
                return port.BaseStream;
            }
            catch (Exception plain) when (plain is IOException or ArgumentException or PlatformNotSupportedException)
            {
                // No serial line: it is read like a file.
                return Plain(path);
            }
        }

        return Plain(path);
    }

    private static FileStream Plain(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, useAsync: true);
}
