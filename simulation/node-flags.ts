/**
 * What Node is started with where many seeds are played: nearly all that a world makes is garbage when it ends, and a
 * young generation that holds a whole world leaves it to die there instead of copying it.
 */
export const nodeFlags = ['--min-semi-space-size=64', '--max-semi-space-size=64'] as const
