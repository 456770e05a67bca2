import { createExpress } from './kernel/http.ts'
import type { Services } from './kernel/services.ts'
import { menu } from './menu.ts'
import { modules } from './modules.ts'

/** The portal, ready to listen: the kernel's middleware in order, every module mounted, the error page. */
export function createApp(services: Services): ReturnType<typeof createExpress> {
  return createExpress(services, modules, menu)
}
