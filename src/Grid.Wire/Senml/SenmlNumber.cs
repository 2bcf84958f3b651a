using System.Globalization;

namespace Grid.Wire;

/// <summary>A number of a SenML record in decimal: a register must come out to the watt-hour, which a double does not promise.</summary>
/// <param name="Exact">False where digits were lost, beyond 28: good enough for volts, not for a register.</param>
internal readonly record struct SenmlNumber(decimal Value, bool Exact)
{
    private const int MaxDigits = 28;
    private const decimal Max = 1e20m;

    /// <summary>Reads a JSON number, or a double in its shortest spelling.</summary>
    public static SenmlNumber? Parse(ReadOnlySpan<byte> text)
    {
        decimal mantissa = 0;
        var (digits, scale, exact, at) = (0, 0, true, 0);
        var negative = text is [(byte)'-', ..];
        if (negative) at++;
        for (var fraction = false; at < text.Length && text[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (text[at] == '.')
            {
                fraction = true;
                continue;
            }

            var digit = text[at] - '0';
            if (digit is < 0 or > 9) return null;
            if (digits < MaxDigits)
            {
                mantissa = (mantissa * 10) + digit;
                if (mantissa != 0) digits++;
                if (fraction) scale++;
            }
            else
            {
                exact &= digit == 0;
                if (!fraction) scale--;
            }
        }

        if (mantissa == 0) return new(0, exact);
        if (at < text.Length)
        {
            if (!int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)) return null;
            if (exponent is > 100_000 or < -100_000) return null;
            scale -= exponent;
        }

        return Scaled(negative ? -mantissa : mantissa, scale, exact);
    }

    /// <summary><paramref name="mantissa"/> x 10^-<paramref name="scale"/>; null beyond 10^20.</summary>
    public static SenmlNumber? Scaled(decimal mantissa, long scale, bool exact = true)
    {
        for (; scale > 0 && mantissa % 10 == 0 && mantissa != 0; scale--) mantissa /= 10;
        for (; scale > MaxDigits && mantissa != 0; scale--)
        {
            exact &= mantissa % 10 == 0;
            mantissa = decimal.Truncate(mantissa / 10);
        }

        for (; scale < 0 && Math.Abs(mantissa) <= Max && mantissa != 0; scale++) mantissa *= 10;
        if (mantissa == 0) return new(0, exact);
        if (scale > 0) mantissa *= new decimal(1, 0, 0, false, (byte)scale);
        return Math.Abs(mantissa) <= Max ? new(mantissa, exact) : null;
    }
}
