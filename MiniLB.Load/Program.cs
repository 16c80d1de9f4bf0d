using MiniLB.Load;

return await LoadCommand.RunAsync(args);
