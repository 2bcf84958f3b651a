namespace Grid.FirmwareSim;

/// <summary>Does one gateway's actions with its client.</summary>
internal sealed class GatewayPlayer(GatewayScript script, GatewayClient client, Action<ScriptMessage> acknowledged)
{
    // Only where a message is needed again: a script of ten thousand gateways keeps nothing that it can forget.
    private readonly Dictionary<long, KeptMessage>? _made = script.Repeats ? [] : null;

    public async Task PlayAsync(ScriptAction action, CancellationToken ct)
    {
        switch (action.Step)
        {
            case ScriptStep.Disconnect:
                await client.GoOfflineAsync();
                break;
            case ScriptStep.Connect:
                client.GoOnline();
                break;
            case ScriptStep.Make:
                Make(action.Message!);
                break;
            case ScriptStep.Post:
                await client.RoomAsync(ct);
                client.Send(Make(action.Message!));
                break;
            case ScriptStep.Send:
                await client.RoomAsync(ct);
                client.Send(_made![action.Message!.Number]);
                break;
            case ScriptStep.Again:
                await client.RoomAsync(ct);
                client.Repeat(_made![action.Message!.Number]);
                break;
            default:
                throw new InvalidOperationException($"No player's step: {action.Step}.");
        }
    }

    private KeptMessage Make(ScriptMessage message)
    {
        var made = client.Make(message.Kind, message.Encode, message.Number, acknowledged: () => acknowledged(message));
        _made?.Add(message.Number, made);
        return made;
    }
}
