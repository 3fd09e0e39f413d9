return await Runstone.Server.Hosting.RunstoneServer.RunAsync(args);
