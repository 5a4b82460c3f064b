import '@reachkit/core'
