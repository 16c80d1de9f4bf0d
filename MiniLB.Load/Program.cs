using MiniLB.Load;

// Read when the first socket is made: answers are then taken on the thread that hears of them, without a hop to another.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
return await LoadCommand.RunAsync(args);
