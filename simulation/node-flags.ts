/**
 * What Node is started with where many seeds are played. Nearly all that a world makes is garbage when it ends: a young
 * generation that holds a whole world leaves it to die there instead of copying it. Every core plays seeds, so helper
 * threads of the collector would only take time from the other worlds.
 */
export const nodeFlags = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--single-threaded-gc',
] as const
