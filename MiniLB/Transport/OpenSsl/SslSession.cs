using System.Runtime.InteropServices;

namespace MiniLB.Transport.OpenSsl;

/// <summary>The TLS of one connection (SSL): what has come goes in, what is to be sent comes out.</summary>
/// <remarks>One side may read while the other writes, from another thread; OpenSSL sees one after the other.</remarks>
internal sealed unsafe class SslSession : IDisposable
{
    // An alert, or an answer to a change of keys. Who asks for more without reading is not worth the memory.
    private const int MostOwed = 4 * 1024;

    private readonly Lock _gate = new();

    // Chooses while the handshake goes on.
    private readonly ISslContextChoice _choice;
    private nint _session;

    // What OpenSSL had to say while it read; it leaves with what is written next.
    private byte[] _owed = [];
    private bool _hasFailed;
    private bool _hasEnded;

    /// <exception cref="InvalidOperationException">There is no memory for it.</exception>
    public SslSession(ISslContextChoice choice)
    {
        _choice = choice;
        _session = OpenSslMethods.NewSession(choice.ContextFor("").Pointer);
        if (_session == 0)
        {
            GC.SuppressFinalize(this);
            throw new InvalidOperationException(SslErrors.Take() ?? "OpenSSL has no memory");
        }

        var bio = SslBio.New();
        OpenSslMethods.SetBio(_session, bio, bio);
        OpenSslMethods.SetServer(_session);
    }

    ~SslSession() => Free();

    /// <summary>Takes what is to be sent; valid during the call.</summary>
    public delegate void Sending(ReadOnlySpan<byte> bytes);

    /// <summary>Why it has failed; null where it has not, or nothing is known.</summary>
    public string? Problem { get; private set; }

    /// <summary>TLSv1.2 or TLSv1.3.</summary>
    public string Version => IsTls13 ? "TLSv1.3" : "TLSv1.2";

    public bool IsTls13 => OpenSslMethods.VersionOf(_session) == OpenSslMethods.Tls13;

    /// <summary>The name that the client has asked for; null where it has asked for none.</summary>
    public string? ServerName => Marshal.PtrToStringUTF8(OpenSslMethods.ServerNameOf(_session, 0));

    public bool IsHttp2
    {
        get
        {
            OpenSslMethods.SelectedProtocol(_session, out var protocol, out var length);
            return new ReadOnlySpan<byte>(protocol, (int)length).SequenceEqual("h2"u8);
        }
    }

    /// <summary>Goes on with the handshake.</summary>
    /// <param name="input">What has come.</param>
    /// <param name="consumed">Bytes of it that were read.</param>
    /// <param name="send">Takes what is to be sent, also where it has failed.</param>
    public SslOutcome Handshake(ReadOnlySpan<byte> input, out int consumed, Sending send)
    {
        lock (_gate)
        {
            fixed (byte* pinned = input)
            {
                SslBio.Begin(pinned, input.Length);
                var outcome = OutcomeOf(_session == 0 ? 0 : OpenSslMethods.Handshake(_session));
                consumed = input.Length - SslBio.InputLeft;
                send(SslBio.Output);
                SslBio.End();
                GC.KeepAlive(_choice);
                return outcome;
            }
        }
    }

    /// <summary>Reads what the client has said.</summary>
    /// <param name="input">What has come.</param>
    /// <param name="consumed">Bytes of it that were read.</param>
    /// <param name="into">Receives what it says.</param>
    /// <param name="count">Bytes of that; where they fill all of <paramref name="into"/> there may be more without
    /// further input.</param>
    public SslOutcome Read(ReadOnlySpan<byte> input, out int consumed, Span<byte> into, out int count)
    {
        lock (_gate)
        {
            fixed (byte* pinned = input, room = into)
            {
                SslBio.Begin(pinned, input.Length);
                var result = _session == 0 ? 0 : OpenSslMethods.Read(_session, room, into.Length);
                var outcome = OutcomeOf(result);
                (count, consumed) = (Math.Max(result, 0), input.Length - SslBio.InputLeft);
                if (SslBio.Output.Length > 0)
                {
                    _owed = [.. _owed, .. SslBio.Output];
                }

                SslBio.End();
                if (_owed.Length > MostOwed)
                {
                    (_hasFailed, Problem) = (true, "it asks for answers and takes none");
                    return SslOutcome.Failed;
                }

                return outcome;
            }
        }
    }

    /// <summary>Says something to the client.</summary>
    /// <param name="data">What.</param>
    /// <param name="send">Takes what is to be sent, in the order of the calls.</param>
    /// <returns>False where nothing can be said any more.</returns>
    public bool TryWrite(ReadOnlySpan<byte> data, Sending send)
    {
        lock (_gate)
        {
            if (_session == 0 || _hasFailed || _hasEnded)
            {
                return false;
            }

            fixed (byte* pinned = data)
            {
                SslBio.Begin(null, 0);
                var outcome = OutcomeOf(OpenSslMethods.Write(_session, pinned, data.Length));
                SendOwed(send);
                SslBio.End();
                return outcome == SslOutcome.Done;
            }
        }
    }

    /// <summary>Says that nothing more comes (close_notify, RFC 8446 section 6.1), once.</summary>
    public void End(Sending send)
    {
        lock (_gate)
        {
            if (_session == 0 || _hasEnded)
            {
                return;
            }

            _hasEnded = true;
            SslBio.Begin(null, 0);
            if (!_hasFailed)
            {
                _ = OutcomeOf(OpenSslMethods.Shutdown(_session));
            }

            SendOwed(send);
            SslBio.End();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Free();
        }

        GC.SuppressFinalize(this);
    }

    private void SendOwed(Sending send)
    {
        if (_owed.Length > 0)
        {
            send(_owed);
            _owed = [];
        }

        if (SslBio.Output.Length > 0)
        {
            send(SslBio.Output);
        }
    }

    private SslOutcome OutcomeOf(int result)
    {
        if (result > 0)
        {
            return SslOutcome.Done;
        }

        var outcome = _session == 0 ? SslOutcome.Failed : OpenSslMethods.ErrorOf(_session, result) switch
        {
            OpenSslMethods.ErrorWantRead => SslOutcome.NeedsInput,
            OpenSslMethods.ErrorZeroReturn => SslOutcome.Ended,
            _ => SslOutcome.Failed,
        };
        if (outcome == SslOutcome.Failed)
        {
            _hasFailed = true;
            Problem = SslErrors.Take() ?? Problem;
        }

        return outcome;
    }

    private void Free()
    {
        if (_session != 0)
        {
            OpenSslMethods.FreeSession(_session);
            _session = 0;
        }
    }
}
