using Grid.Portal;
using Microsoft.AspNetCore.Http;

namespace Grid.UnitTests.Portal;

public class GridCookiesTests
{
    [Theory]
    [InlineData("https", "__Host-grid=v; path=/; secure; samesite=lax; httponly")]
    [InlineData("http", "grid=v; path=/; samesite=lax; httponly")]
    public void The_session_cookie_is_bound_to_the_host_where_there_is_tls(string scheme, string cookie)
    {
        DefaultHttpContext context = new() { Request = { Scheme = scheme } };

        new GridCookies().AppendResponseCookie(context, GridCookies.Session, "v", GridCookies.ForSession().Build(context));

        context.Response.Headers.SetCookie.Should().Equal(cookie);
    }

    [Fact]
    public void A_plain_cookie_is_no_session_over_https()
    {
        DefaultHttpContext context = new() { Request = { Scheme = "https" } };
        context.Request.Headers.Cookie = "grid=stolen";

        new GridCookies().GetRequestCookie(context, GridCookies.Session).Should().BeNull();
    }
}
