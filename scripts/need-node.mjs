// Runs on whatever Node the host has, so it keeps to syntax that old ones read.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Heed needs Node 24 or newer and found ${major}.${minor}: run "npm ci" with optional dependencies (they bring Node 24), or install Node 24.`,
  )
  process.exit(1)
}
