/** Spanish: `../names.ts`. An animal with a noun behind it, which needs no agreement. */
import type { Catalogue } from '../catalogue.ts'

export const nameWords: Catalogue['nameWords'] = {
  both: (manner, animal) => `${animal} ${manner.replaceAll('_', ' ')}`,
  manners:
    'del_alba del_amanecer del_bosque del_lago del_monte del_norte del_prado del_puerto del_río del_sur del_valle del_viento ' +
    'de_abril de_ámbar de_arena de_bruma de_cobre de_coral de_cristal de_enero de_invierno de_jade de_lino de_luna de_mayo ' +
    'de_menta de_miel de_nieve de_oro de_otoño de_plata de_seda de_terciopelo de_verano de_la_colina de_la_costa de_la_isla ' +
    'de_la_montaña de_la_noche de_la_orilla de_la_tarde de_las_dunas de_las_estrellas de_las_nubes de_los_campos de_los_olivos',
  animals:
    'Abubilla Alondra Ardilla Bisonte Búho Castor Ciervo Cigüeña Cisne Colibrí Comadreja Corzo Delfín Erizo Flamenco Foca ' +
    'Gacela Garza Gaviota Golondrina Gorrión Grulla Halcón Hurón Ibis Jilguero Koala Lagarto Lechuza Liebre Lince Lirón Marmota ' +
    'Marta Mirlo Nutria Panda Petirrojo Pingüino Ruiseñor Tapir Tejón Topo Tortuga Yak Zorro',
}
