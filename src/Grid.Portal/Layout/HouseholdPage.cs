using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Grid.Portal;

/// <summary>A page about one household. It is drawn only if the signed-in account may see that household; else it is not found.</summary>
public abstract class HouseholdPage : ComponentBase
{
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private protected HouseholdAccess Access { get; set; } = default!;

    [Inject]
    private protected NeighbourhoodClock Clock { get; set; } = default!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private protected Words T { get; set; } = default!;

    [CascadingParameter]
    private protected HttpContext Http { get; set; } = default!;

    /// <summary>Null until the household is found, and for good if it is not.</summary>
    private protected OwnHousehold? Household { get; private set; }

    private protected bool Ready { get; private set; }

    protected sealed override async Task OnInitializedAsync()
    {
        Household = await Access.FindAsync(Http.User, Id, Http.RequestAborted);
        Ready = Household is not null && await LoadAsync(Household, Http.RequestAborted);
        if (!Ready) Navigation.NotFound();
    }

    /// <returns>False if there is no such page.</returns>
    private protected abstract Task<bool> LoadAsync(OwnHousehold household, CancellationToken ct);
}
