namespace Grid.Domain;

/// <summary>A home, office or shop that has a meter of its own.</summary>
/// <param name="AreaM2">Heated floor area in square metres, null if not known.</param>
/// <param name="Occupants">People who live there, null if not known.</param>
public sealed record Household(HouseholdId Id, string Building, DwellingKind Dwelling, HeatingKind Heating, int? AreaM2, int? Occupants)
{
    /// <summary>People live there: offices, shops and what all of a building share are no homes.</summary>
    public bool IsHome => Dwelling is DwellingKind.Apartment or DwellingKind.House;
}

public enum DwellingKind
{
    Apartment = 1,
    House = 2,
    Office = 3,
    Shop = 4,
    Common = 5,
}

public enum HeatingKind
{
    /// <summary>Electric heating: the meter feels the weather.</summary>
    Electric = 1,

    /// <summary>District heat, gas or any other.</summary>
    Other = 2,
}
