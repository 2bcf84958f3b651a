using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Corpus;

/// <summary>Something that a gateway might send and that must be refused, for one reason.</summary>
internal sealed record MalformedInput(string Class, string Topic, Envelope Envelope, byte[] Payload, Reason Expected);

/// <summary>One way to be wrong: a name, the last level of its topic, and a maker of as many inputs as one likes.</summary>
internal sealed record MalformedClass(string Name, string Level, Reason Expected, Func<Random, byte[]> Make)
{
    public static MalformedClass Text(string name, string level, Reason expected, Func<Random, string> make) =>
        new(name, level, expected, chance => System.Text.Encoding.UTF8.GetBytes(make(chance)));
}
