using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

public class TicDamageTests
{
    [Theory]
    [InlineData("tempo")]
    [InlineData("base")]
    [InlineData("producer")]
    public void No_flipped_bit_makes_another_value(string name) => Damage.EveryBitFlipKeepsTheTruth(Named(name));

    /// <summary>Six bits of sum cannot see bit 6. Digits, hex and labels turn into what the form refuses; only free text gets through.</summary>
    [Theory]
    [InlineData("tempo", 30)]
    [InlineData("base", 15)]
    [InlineData("producer", 250)]
    public void A_flipped_bit_inside_a_group_is_seen_unless_it_is_bit_6_of_a_free_text(string name, int atMost)
    {
        string[] texts = ["OPTARIF", "PTEC", "DEMAIN", "HHPHC", "MOTDETAT", "NGTF", "LTARF", "MSG1"];
        var frame = Named(name);
        var truth = TicFrame.Parse(frame.AsSpan()[1..^1]).Groups;
        var unseen = 0;
        for (var bit = 8; bit < (frame.Length - 1) * 8; bit++)
        {
            if (bit % 8 == 7) continue; // the framer strips it
            var groups = TicFrame.Parse(Damage.Flipped(frame, bit).AsSpan()[1..^1]).Groups;
            var others = groups.Except(truth).ToList();

            others.Should().OnlyContain(g => texts.Contains(g.Label), $"bit {bit % 8} of byte {bit / 8}");
            if (others.Count == 0) groups.Count.Should().BeLessThan(truth.Count);
            else (bit % 8).Should().Be(6);
            unseen += others.Count;
        }

        unseen.Should().BeInRange(1, atMost);
    }

    [Theory]
    [InlineData("tempo")]
    [InlineData("base")]
    [InlineData("producer")]
    public void A_frame_cut_anywhere_is_no_frame(string name)
    {
        var frame = Named(name);
        for (var length = 0; length < frame.Length; length++)
        {
            var decoded = Frames.Decode(frame[..length]);

            decoded.Fault!.Reason.Should().Be(Reason.Malformed);
            decoded.DroppedGroups.Should().Be(length == 0 ? 0 : 1);
            Frames.Decode([.. frame[..length], .. Frames.Base]).Readings.Should().Equal(Frames.BaseReading);
            Frames.Decode([.. Frames.Base, .. frame[..length]]).Readings.Should().Equal(Frames.BaseReading);
            Frames.Decode([.. frame[length..], .. Frames.Base]).Readings[^1].Should().Be(Frames.BaseReading);
        }
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 400], Gen.Bool).Sample((noise, at, ascii) =>
    {
        byte[] bytes = [.. Frames.Producer, .. Frames.Tempo];
        if (ascii) noise = [.. noise.Select(b => (byte)(b & 0x7F))];
        noise.CopyTo(bytes.AsSpan(Math.Min(at, bytes.Length - noise.Length)));

        foreach (var payload in (byte[][])[noise, bytes])
        {
            var decoded = Frames.Decode(payload);
            (decoded.Fault is null ? decoded.Readings.Count + decoded.Faulty.Count > 0 : decoded.Readings.Count == 0).Should().BeTrue();
            decoded.Faulty.Should().OnlyContain(f => f.From >= 0 && f.Length > 0 && f.From + f.Length <= payload.Length);
        }
    });

    private static byte[] Named(string name) => name switch { "tempo" => Frames.Tempo, "base" => Frames.Base, _ => Frames.Producer };
}
