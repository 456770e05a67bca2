import { misesAJourAEnvoyer } from '../clients/mises-a-jour/a-faire.ts'
import { reponsesALire } from '../messages/a-faire.ts'
import { courriersARepondre } from '../courriers/a-faire.ts'
import type { Source } from './source.ts'
import { reponsesAValider } from '../validations/a-faire.ts'

/** Everything that can wait for somebody of a firm. One line more is one more kind of thing to do. */
export const sources: readonly Source[] = [
  courriersARepondre,
  reponsesAValider,
  reponsesALire,
  misesAJourAEnvoyer,
]
