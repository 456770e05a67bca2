import type { Module } from './kernel/page.ts'
import { accueil } from './modules/accueil/index.ts'
import { plateforme } from './modules/plateforme/index.ts'
import { documents } from './modules/documents/index.ts'
import { clotures } from './modules/clotures/index.ts'
import { actualites } from './modules/actualites/index.ts'
import { connexion } from './modules/connexion/index.ts'
import { contact } from './modules/contact/index.ts'
import { adherents } from './modules/adherents/index.ts'
import { demandesDeCompte } from './modules/demandes-de-compte/index.ts'
import { courriers } from './modules/courriers/index.ts'
import { validations } from './modules/validations/index.ts'
import { coordonnees } from './modules/coordonnees/index.ts'
import { courrielsDemo } from './modules/courriels-demo/index.ts'
import { formations } from './modules/formations/index.ts'
import { mentions } from './modules/mentions/index.ts'
import { profil } from './modules/profil/index.ts'
import { clients } from './modules/clients/index.ts'
import { messages } from './modules/messages/index.ts'
import { aFaireModule } from './modules/a-faire/index.ts'
import { cabinet } from './modules/cabinet/index.ts'
import { declarations } from './modules/declarations/index.ts'
import { supervision } from './modules/supervision/index.ts'
import { collaborateurs } from './modules/collaborateurs/index.ts'
import { affectations } from './modules/affectations/index.ts'
import { transferts } from './modules/transferts/index.ts'

/** Every folder of src/modules. A module that is not in this list does not exist. */
export const modules: readonly Module[] = [
  accueil,
  connexion,
  profil,
  plateforme,
  documents,
  clotures,
  courriers,
  validations,
  supervision,
  collaborateurs,
  affectations,
  aFaireModule,
  cabinet,
  clients,
  declarations,
  messages,
  coordonnees,
  adherents,
  demandesDeCompte,
  courrielsDemo,
  actualites,
  formations,
  transferts,
  contact,
  mentions,
]
