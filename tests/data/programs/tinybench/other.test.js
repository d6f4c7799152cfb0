import test from 'node:test'

test('zero stays zero', () => {})
if (process.env.CRASH) process.exit(3)
