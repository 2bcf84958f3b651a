using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grid.Portal;

/// <summary>Residents' pages and the HTTP API. Its data comes through the ports of Grid.Domain, which the host registers.</summary>
public static class PortalModule
{
    extension(IServiceCollection services)
    {
        /// <param name="accounts">Adds the stores that keep accounts and roles.</param>
        public IServiceCollection AddPortal(Action<IdentityBuilder> accounts)
        {
            services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section)
                .Validate(
                    o => o.GrafanaUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" },
                    $"{PortalOptions.Section}:GrafanaUrl is no http or https address.")
                .ValidateOnStart();
            services.TryAddSingleton(TimeProvider.System);
            accounts(services.AddGridAccounts());
            services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
                .AddPolicy(Roles.Resident, policy => policy.RequireRole(Roles.Resident))
                .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Operator));
            services.AddAntiforgery(o => o.Cookie = GridCookies.ForForms());
            services.AddLocalization();
            services.Configure<RequestLocalizationOptions>(Languages.Configure);
            services.AddProblemDetails();
            services.AddGridOpenApi();
            services.AddRazorComponents();
            services.AddHttpContextAccessor();
            services.AddScoped<HouseholdAccess>();
            services.AddScoped<Words>();
            services.AddSingleton<NeighbourhoodClock>();
            return services;
        }
    }
}
