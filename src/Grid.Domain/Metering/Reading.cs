namespace Grid.Domain;

/// <summary>What one meter's registers stood at, at one instant. The key is (meter, at); the value is the registers.</summary>
/// <param name="At">UTC, whole milliseconds.</param>
/// <param name="PowerW">Active power at that instant, negative when fed into the grid. Never conflicts.</param>
/// <param name="VoltageV">Volts. Never conflicts.</param>
public sealed record Reading(MeterName Meter, Instant At, Registers Registers, double? PowerW = null, double? VoltageV = null);
