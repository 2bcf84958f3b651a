using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>How one home uses electricity, half-hour by half-hour; everything follows from the seed and the home's number.</summary>
internal sealed class HomeProfile
{
    private const int HalfHourStream = 20;
    private const int WeekStream = 21;

    // What a home does over a working day and over a free one, as a share of its mean; 48 half-hours from local midnight.
    private static readonly double[] Working = Activity((6, 8.5, 1.2), (12, 13, 0.5), (18, 20, 3.1), (20, 23, 1.9));
    private static readonly double[] Free = Activity((8, 10.5, 1.1), (11.5, 14, 1.9), (18.5, 20.5, 2.4), (20.5, 23.5, 1.5));

    private readonly long _seed;
    private readonly int _number;
    private readonly bool _electric;
    private readonly double _floorWh;
    private readonly double _activityWh;
    private readonly double _lossWhPerKelvin;
    private readonly double _waterWh;
    private readonly bool _outOnWorkingDays;

    public HomeProfile(long seed, int number, Household home)
    {
        (_seed, _number, _electric) = (seed, number, home.Heating == HeatingKind.Electric);
        var (area, people) = (home.AreaM2 ?? 60, home.Occupants ?? 2);
        _floorWh = (50 + (area * 0.22)) * (0.9 + (0.2 * Own(0))) / 2;
        _activityWh = (1_070 + (195 * people)) * 1000.0 / 365 / UtcDay.HalfHours * (0.92 + (0.16 * Own(1)));
        _lossWhPerKelvin = area * 1.38 * (0.88 + (0.24 * Own(2))) / 2;
        _waterWh = (400 + (150 * people)) * 1000.0 / 365 / 8;
        _outOnWorkingDays = Own(3) < 0.6;
    }

    /// <summary>Energy of one half-hour, and how much of it the radiators and the tank take.</summary>
    public HomeUse HalfHour(UtcDay day, int halfHour, long number)
    {
        var (slot, localDay) = (day.LocalSlot[halfHour], day.LocalDay[halfHour]);
        var weekday = (localDay + 3) % 7; // 1970-01-01 was a Thursday; 0 is Monday
        var away = IsAway(localDay);
        var noise = Chance.Unit(_seed, HalfHourStream, _number, number);
        var use = _floorWh * (0.92 + (0.16 * noise));
        if (!away) use += _activityWh * (weekday >= 5 ? Free : Working)[slot] * (0.35 + (1.3 * noise));
        double heating = 0, water = 0;
        if (_electric)
        {
            heating = _lossWhPerKelvin * Math.Max(0, Wanted(slot, weekday, away) - day.FeltCelsius[halfHour]);
            if (!away && slot is >= 2 and < 10) water = _waterWh; // the tank heats in the cheap hours of the night
            use += heating;
            use += water;
        }

        return new((long)Math.Round(use, MidpointRounding.AwayFromZero), (long)heating, (long)water);
    }

    /// <summary>The outdoor temperature below which the radiators run: what is wanted inside, less what sun, people and devices give.</summary>
    private double Wanted(int slot, int weekday, bool away)
    {
        if (away) return 9;
        if (slot is < 12 or >= 46) return 15.2;
        return _outOnWorkingDays && weekday < 5 && slot is >= 18 and < 34 ? 14.6 : 17;
    }

    /// <summary>Holidays go from Saturday to Saturday; July and August have most of them.</summary>
    private bool IsAway(int localDay)
    {
        var week = (localDay + 5) / 7;
        var month = new LocalDate(1970, 1, 1).PlusDays(week * 7 - 5).Month;
        return Chance.Unit(_seed, WeekStream, _number, week) < (month is 7 or 8 ? 0.22 : 0.035);
    }

    private double Own(int trait) => Chance.Unit(_seed, 10, _number, trait);

    /// <summary>A low base with bumps between the given hours, scaled to a mean of 1.</summary>
    private static double[] Activity(params (double From, double To, double Height)[] bumps)
    {
        var shape = Enumerable.Range(0, UtcDay.HalfHours)
            .Select(i => (i < 12 ? 0.08 : 0.4) + bumps.Where(b => i / 2.0 >= b.From && i / 2.0 < b.To).Sum(b => b.Height)).ToArray();
        var mean = shape.Average();
        return [.. shape.Select(s => s / mean)];
    }
}

/// <param name="HeatingWh">Rounded down like <paramref name="WaterWh"/>, so that the parts never exceed the whole.</param>
internal readonly record struct HomeUse(long TotalWh, long HeatingWh, long WaterWh);
