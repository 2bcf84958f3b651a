using System.Collections.Frozen;

namespace Grid.Wire;

/// <summary>The labels of Enedis-NOI-CPT_54E with the form of their values: what the checksum lets pass, the form often does not.</summary>
internal static class TicLabels
{
    private enum Form
    {
        Digits,
        Hex,
        Text,
    }

    private static readonly FrozenDictionary<(string Label, TicMode Mode), (Form Form, int Length, bool Horodated)> All = Historique()
        .Select(l => KeyValuePair.Create((l.Label, TicMode.Historique), (l.Form, l.Length, false)))
        .Concat(Standard().Select(l => KeyValuePair.Create((l.Label, TicMode.Standard), (l.Form, l.Length, l.Horodated))))
        .ToFrozenDictionary();

    public static bool Knows(string label, TicMode mode) => All.ContainsKey((label, mode));

    public static bool Fits(TicGroup group, TicMode mode)
    {
        var (form, length, horodated) = All[(group.Label, mode)];
        return group.Value.Length == length && group.Horodate is not null == horodated && (group.Horodate is null || TicHorodate.IsWellFormed(group.Horodate))
            && group.Value.All(form switch
            {
                Form.Digits => char.IsAsciiDigit,
                Form.Hex => c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F',
                _ => c => c is >= ' ' and <= '~',
            });
    }

    private static IEnumerable<(string Label, Form Form, int Length)> Historique() =>
    [
        ("ADCO", Form.Digits, 12), ("OPTARIF", Form.Text, 4), ("ISOUSC", Form.Digits, 2),
        .. Of(Form.Digits, 9, "BASE", "HCHC", "HCHP", "EJPHN", "EJPHPM", "BBRHCJB", "BBRHPJB", "BBRHCJW", "BBRHPJW", "BBRHCJR", "BBRHPJR"),
        ("PEJP", Form.Digits, 2), ("PTEC", Form.Text, 4), ("DEMAIN", Form.Text, 4),
        .. Of(Form.Digits, 3, "IINST", "IINST1", "IINST2", "IINST3", "ADPS", "ADIR1", "ADIR2", "ADIR3", "IMAX", "IMAX1", "IMAX2", "IMAX3"),
        ("PMAX", Form.Digits, 5), ("PPOT", Form.Hex, 2), ("PAPP", Form.Digits, 5), ("HHPHC", Form.Text, 1), ("MOTDETAT", Form.Text, 6),
    ];

    private static IEnumerable<(string Label, Form Form, int Length, bool Horodated)> Standard() =>
    [
        .. Plain(Form.Digits, 12, "ADSC"), .. Plain(Form.Digits, 2, "VTIC"), .. Horodated(0, "DATE"), .. Plain(Form.Text, 16, "NGTF", "LTARF"),
        .. Plain(Form.Digits, 9, "EAST", "EAIT", "ERQ1", "ERQ2", "ERQ3", "ERQ4"),
        .. Plain(Form.Digits, 9, [.. Enumerable.Range(1, 10).Select(i => $"EASF{i:00}"), .. Enumerable.Range(1, 4).Select(i => $"EASD{i:00}")]),
        .. Plain(Form.Digits, 3, "IRMS1", "IRMS2", "IRMS3", "URMS1", "URMS2", "URMS3"), .. Plain(Form.Digits, 2, "PREF", "PCOUP"),
        .. Plain(Form.Digits, 5, "SINSTS", "SINSTS1", "SINSTS2", "SINSTS3", "SINSTI"),
        .. Horodated(5, "SMAXSN", "SMAXSN1", "SMAXSN2", "SMAXSN3", "SMAXSN-1", "SMAXSN1-1", "SMAXSN2-1", "SMAXSN3-1", "SMAXIN", "SMAXIN-1"),
        .. Horodated(5, "CCASN", "CCASN-1", "CCAIN", "CCAIN-1"), .. Horodated(3, "UMOY1", "UMOY2", "UMOY3"),
        .. Plain(Form.Hex, 8, "STGE"), .. Horodated(2, "DPM1", "FPM1", "DPM2", "FPM2", "DPM3", "FPM3"),
        .. Plain(Form.Text, 32, "MSG1"), .. Plain(Form.Text, 16, "MSG2"), .. Plain(Form.Digits, 14, "PRM"), .. Plain(Form.Digits, 3, "RELAIS"),
        .. Plain(Form.Digits, 2, "NTARF", "NJOURF", "NJOURF+1"), .. Plain(Form.Text, 98, "PJOURF+1", "PPOINTE"),
    ];

    private static IEnumerable<(string Label, Form Form, int Length)> Of(Form form, int length, params string[] labels) =>
        labels.Select(l => (l, form, length));

    private static IEnumerable<(string Label, Form Form, int Length, bool Horodated)> Plain(Form form, int length, params string[] labels) =>
        labels.Select(l => (l, form, length, false));

    private static IEnumerable<(string Label, Form Form, int Length, bool Horodated)> Horodated(int length, params string[] labels) =>
        labels.Select(l => (l, Form.Digits, length, true));
}
