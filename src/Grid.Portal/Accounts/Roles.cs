namespace Grid.Portal;

/// <summary>The roles of accounts, which are also the names of the policies that ask for them.</summary>
public static class Roles
{
    public const string Resident = "resident";

    public const string Operator = "operator";
}
