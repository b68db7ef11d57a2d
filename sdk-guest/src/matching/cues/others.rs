//! Spanish, French and German words for the cues, and some in Italian, Portuguese and Dutch.

use super::Cue::{self, *};

#[rustfmt::skip]
pub(in crate::matching) const OTHERS: &[(Cue, &str)] = &[
    // Someone is to be asked something.
    (Question, "\
        hay|tienen|tiene|puede|pueden|ont|peuvent|avez|haben|hat|konnen|kann|gibt|hanno|avete|tem|\
        hebben|kunnen|kan"),
    (Light, "\
        haz|haga|hacer|realiza*|poner|pon|presenta*|pide|pedir|exig*|solicit*|quiero|faire|fais|mene|\
        mener|depose*|effectue*|realise*|demande|exige*|veux|fuhre|fuhren|durchfuhr*|mach|mache|machen|\
        fordere|fordern|verlang*|will|mochte*|fai|fare|chiedi|fazer|faca|peca|doe|doen|vraag om|dien"),
    (Ask, "\
        pregunt*|averigua*|consulta|consultar|saber|comprueba|comprobar|verifica*|llama|llamar|infor*|\
        entera*|cual|cuales|que|cuando|donde"),
    (Ask, "\
        demande*|renseigne*|savoir|verifi*|appelle*|appeler|contacte*|vois si|voir si|quel|quelle|quels|\
        quelles|quand|est ce"),
    (Ask, "\
        frag*|erfrag*|nachfrag*|herausfinden|finde ... heraus|erkundig*|wissen|pruf*|ruf|rufe|anrufen|\
        klar*|schau*|was|welche*|wann|wo|ob"),
    (Ask, "\
        chiedi*|chiede*|scopri*|perguntar*|pergunt*|descobr*|liga|ligar|vraag|vragen|bel|uitzoeken|\
        nagaan|domanda*|sapere|chiama*|y a t il"),
    // Something is to be got.
    (Get, "\
        obten*|consegu*|consigu*|pedir|pide|pida|pidan|solicit*|quier*|necesit*|quisiera|gustaria|busc*|\
        dame|dime|deme"),
    (Get, "\
        obtien*|recuper*|voudrai*|veux|veut|besoin|aimerai*|souhait*|cherche*|trouve*|recevoir|demander"),
    (Get, "\
        hol|hole|holen|einhol*|bekomm*|besorg*|mochte*|will|wollen|brauch*|suche*|anford*|forder*|\
        einfordern|benotig*|hatte gern*"),
    (Get, "\
        ottien*|ottener*|vorrei|voglio|bisogno|serve|obter|quero|preciso|gostaria|krijg*|wil|graag|\
        nodig|nous faut|me faut|faudrait"),
    (Tell, "\
        di|dile|diles|digale|decir*|avisa*|avise*|comunic*|transmit*|informale*|informar a|hazle saber|\
        deja recado|felicit*|agradec*"),
    (Tell, "\
        dis|dire|dites|previen*|preven*|informe|informer|transmet*|laisse* un message|faire savoir|\
        fais savoir|avert*|remerci*|souhaiter|signale*|annonce*"),
    (Tell, "\
        sag|sage|sagen|teile|mitteil*|teil ... mit|richte ... aus|ausricht*|informier*|bescheid|\
        hinterlass*|gratulier*|bedank*|wunsch*|benachricht*"),
    (Tell, "\
        dica|dille|digli|avvis*|avvert*|informa|informare|diga|diz|dizer|zeg|zeggen|meld*|doorgeven|\
        geef .. door"),
    (Not, "\
        sin|nunca|ni|evita|en lugar de|en vez de|ne|pas|sans|jamais|au lieu de|nicht|kein|keine|keinen|\
        ohne|nichts|nie|statt|anstatt|non|senza|nao|sem|niet|geen|zonder"),
    (Whose, "\
        mi|mis|nuestra|nuestro|nuestras|nuestros|su|sus|mon|ma|mes|notre|nos|son|sa|ses|leur|mein|meine|\
        meinen|meinem|meiner|unser|unsere|unseren|unserem|unserer|seinen|seine|ihren|ihre|mio|mia|\
        nostra|nostro|minha|meu|nossa|nosso|mijn|onze|ons|de|mijne|bestehend*|mehreren"),
    (Ours, "\
        nuestr*|notre|nos|unser|unsere|unseren|unserem|unserer|unseres|nostr*|noss*|onze|ons|i sell|\
        i offer|i make|we make|we sell|we offer"),
    (That, "\
        dass|weil|denn|porque|ya que|parce que|car|puisque|perche|omdat|dat|due to the fact"),
    (If, "\
        si|sinon|wenn|falls|sonst|se"),
    (And, "\
        y|luego|despues|pero|tambien|et|puis|ensuite|mais|aussi|und|dann|danach|aber|oder|e|poi|ma|\
        depois|mas|dan|maar|o|ou|plus|n"),
    // The rules of a business, and what everyone may know of it.
    (Policy, "\
        sin cita|sin reserva|sans rdv|stornobedingung*|stornierungsbedingung*|ruckgaberecht|\
        umtauschrecht|ohne termin"),
    (Fact, "\
        horario*|abren|abre|abierto*|cierra*|cerrado|direccion|aparcamiento|estacionamiento|donde queda|\
        donde esta|aceptan tarjeta*|mascotas|perros|horaires|ouvert|ouverts|ouverte|ouvre|ouvrent|ferme|\
        ferment|fermeture|ouverture|adresse|parking|se garer|chiens|offnungszeit*|geoffnet|offnet|\
        offnen|schliess*|geschlossen|parkplatz*|parken|hunde|kartenzahlung|mit karte|orari|orario|\
        apert*|chius*|chiude|indirizzo|parcheggio|aberto|fecha|fecham|endereco|estacionamento|\
        openingstijd*|geopend|dicht|gesloten|adres|pizza|pizzas|pizzen"),
    // Words that are never a misspelling of another.
    (Plain, "\
        nach|noch|quiet|plans|course|turns|visit*|report|vendio|verkauft|hace falta|comprado|gibt es|\
        pliant*|verspate|verspaten"),
    // When.
    (Time, "\
        lunes|martes|miercoles|jueves|viernes|sabado*|domingo*|manana|hoy|tarde|noche|noches|mediodia|\
        enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|semana|\
        cuanto antes"),
    (Time, "\
        lundi*|mardi*|mercredi*|jeudi*|vendredi*|samedi*|dimanche*|demain|soir|matin|midi|nuit|nuits|\
        janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|semaine|\
        aujourd hui|heures|h"),
    (Time, "\
        montag*|dienstag*|mittwoch*|donnerstag*|freitag*|samstag*|sonnabend*|sonntag*|morgen|ubermorgen|\
        heute|abend|abends|vormittag*|nachmittag*|mittag*|uhr|januar|februar|marz|juni|juli|dezember|\
        oktober|woche|wochenende|nacht|nachte|nachten"),
    (Time, "\
        lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|domani|stasera|oggi|segunda|terca|\
        quarta|quinta|sexta|amanha|hoje|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|\
        vanavond|vandaag|uur|lo antes posible"),
    (People, "\
        personas|comensales|adultos|para dos|para tres|para cuatro|para cinco|para seis|para ocho|\
        personnes|couverts|convives|adultes|pour deux|pour trois|pour quatre|pour cinq|pour six|\
        pour huit|personen|gaste|erwachsene|zu zweit|zu dritt|zu viert|fur zwei|fur drei|fur vier|\
        fur funf|fur sechs|fur acht|leute|persone|pessoas|per due|per quattro|para duas|para quatro|\
        voor twee|voor vier|mensen|ppl"),
    (Limit, "\
        maximo|menos de|tope|por debajo de|maximum|moins de|hochstens|maximal|unter|obergrenze|massimo|\
        meno di|hooguit|maximaal|onder"),
    // To book something new.
    (Book, "\
        reservar|reserva|reserve|reserven|reservame|reservanos|reserveme|reservarme|alquilar|alquila|\
        alquile|reserver|reservez|reserves|louer|loue|buch|buche|buchen|reservier*|mieten|miete|\
        anmelden|inscribe|inscribir*|inscris|inscrire|prenot*|marque uma|marcar uma|reserveer*|boek|\
        boeken|apuntarme|apuntar|apunta|apuntame|apuntanos|apuntarnos|matricular|matricula|melde .. an|\
        melde ... an|anmeldung|bloque|bloquea|guarda|guardame|guardar|aparta|apartar|iscrivi|iscrivere|\
        inscreva|inschrijven|pedir hora|pide hora|pida hora|dar hora|coger hora|saca hora|sacar hora|\
        pedir cita|pide cita|pedir turno"),
    (Booking, "\
        reserva|reservas|reservacion|reservaciones|buchung*|reservierung*|*reservierung|*buchung|\
        prenotazione|prenotazioni|reservering|boeking|tickets"),
    (Arrange, "\
        concertar|concierta|agendar|agenda|agende|programar|programa|sacar|pedir|pide|coger|coge|pida|\
        fijar|haz|hacer|prendre|prends|prenez|fixer|fixe|planifier|planifie|organiser|convenir|obtenir|\
        vereinbar*|ausmach*|mach|mache|machen|organisier*|fissa*|prendere|prendi|marcar|marque|plan|\
        plannen|inplannen|regel*|maak"),
    (Seat, "\
        mesa|mesas|habitacion*|sala|pista|cancha|cabana|salle|chambre|chambres|terrain|court|gite|\
        terrasse|tisch|tische|zimmer|*zimmer|raum|*raum|saal|platz|platze|*platz|ferienwohnung|\
        doppelzimmer|einzelzimmer|*tisch|camera|camere|tavolo|stanza|quarto|quartos|tafel|kamer|table|\
        suite|appartement|studio"),
    (Visit, "\
        cita|citas|revision|visita|visitas|corte de pelo|turno|turnos|reunion|limpieza dental|hora con|\
        hora para|sesion|rendez vous|rdv|visite|coupe de cheveux|detartrage|consultation|seance|\
        controle|termin|termine|*termin|*termine|untersuchung|besichtigung|haarschnitt|zahnreinigung|\
        treffen|besprechung|massage|sitzung|kontrolle|probefahrt|besuch|sprechstunde|appuntament*|\
        riunione|taglio|consulta|reuniao|afspraak|afspraken|bezichtiging|vergadering|clase|clases|curso|\
        cours|kurs|*kurs|kochkurs|lezione|aula|les"),
    (Meal, "\
        cena|comida|almuerzo|desayuno|diner|dejeuner|brunch|abendessen|mittagessen|fruhstuck|essen|\
        pranzo|jantar|almoco|brunchen|dinieren|cenar|comer"),
    (FitIn, "\
        hueco|creneau|place pour|unterbringen|reinschieb*|erstmoglich*"),
    // To change what is booked.
    (Reschedule, "\
        reprogram*|aplaz*|pospon*|reagend*|adelant*|retras*|cambia .. cita|pasar .. cita|pasa .. cita|\
        pase .. cita|otro dia|otra hora|otra fecha|decal*|deplac*|repouss*|avance*|autre jour|\
        autre date|autre heure"),
    (Reschedule, "\
        verschieb*|verschoben|verleg*|umbuch*|vorverleg*|vorzieh*|umleg*|anderen tag|spost*|rimand*|\
        rinvi*|anticip*|remarc*|remarque|adiar|adie|antecip*|verzet*|verplaats*|verschuif*|verschuiv*|\
        uitstell*|vervroeg*|umzubuchen|andere dag|reporte|reporter|reportez"),
    (Cancel, "\
        anular|anula|anule|cancelar|cancela|cancele|cancelen|cancelacion|annuler|annulez|annulation|\
        annule|desdire|decommande*|absagen|sage ... ab|sag ... ab|stornier*|storno|abzusagen|absage|\
        disdir*|disdici|annulla*|cancella*|desmarc*|afzeg*|annuleer|annuleren|zeg ... af|canceln|\
        cancell|cancelala|cancelalo|anulala|anulalo"),
    (Confirm, "\
        confirme|confirmen|reconfirm*|asegurate|confirmer|confirmez|bestatig*|conferm*|confirma*|\
        bevestig*|ruckbestatig*|vergewisser*|still valid|sigue en pie|expecting us|expecting me"),
    (CannotCome, "\
        no puedo ir|no podre ir|no puede ir|no podra ir|pourrai pas venir|ne viendr*|empeche|verhindert|\
        niet halen|no vamos|no iremos|no vendra|no ire|no llegare|al final no|kommen nicht|komme nicht|\
        kann nicht|konnen nicht"),
    (StillOn, "\
        sigue en pie|toujours bon|tient|maintenu*|noch steht|noch gilt|stattfindet|noch aktuell|\
        gaat .. door|nog doorgaat|noch reserviert|noch gebucht"),
    (Past, "\
        cancelaron|cancelado|cancelada|a annule|ont annule|ete annule*|abgesagt|storniert|gestrichen|\
        cancellato|annullat*|cancelaram|geannuleerd|afgezegd"),
    (Subscription, "\
        suscripcion|membresia|contrato|pedido|abonnement|contrat|abo|vertrag|mitgliedschaft|bestellung|\
        versicherung|*vertrag|abbonamento|contratto|assinatura|plano|contract"),
    // What it costs.
    (Price, "\
        precio*|presupuesto*|tarifa*|cotizac*|cotiza*|coste|costes|costo|costos|cuesta|cuestan|vale|\
        valen|cobran|cobra|importe|prix|tarif|tarifs|devis|cout|couts|coute|coutent|prend|facturent|\
        preis|preise|*preis|*preise|kosten|kostet|angebot*|kostenvoranschlag*|offerte|gebuhr*|*kosten|\
        *angebot|preisliste|preisanfrage|prezz*|preventiv*|costa|costano|tariff*|preco*|orcament*|custa|\
        custam|custo|cotac*|cobram|prijs|prijzen|tarief|tarieven|kost"),
    (HowMuch, "\
        cuanto|combien|was kostet|was kosten|wie viel|wieviel|wie teuer|quanto|hoeveel|wat kost|\
        wat kosten|que precio|quel prix|quel tarif|a como|how mutch|kosten die|couterait|coutera|\
        costaria|costara|saldria|sale por|valdria|me cobrarian|que coste|que vale|was wurde|\
        was verlangt|was verlangen|was nimmt|was nehmen|was berechnet"),
    (Stock, "\
        disponib*|hay stock|en stock|existencias|quedan|queda|disponibilite*|reste|libre|libres|\
        verfugbar*|vorratig|lieferbar|auf lager|frei|freie|freies|dispon*|in magazzino|em estoque|\
        beschikbaar*|op voorraad|voorradig|sell|sells|stocked|still have|hay entradas|hay habitaciones|\
        encore des places"),
    (Terms, "\
        pedido minimo|por mayor|unidades|en gros|conditions de paiement|unites|mindestbestellmenge|\
        mindestmenge|grosshandel|lieferzeit|lieferzeiten|zahlungsbedingungen|stuck|staffelpreis*|\
        ingrosso|atacado|groothandel|levertijd"),
    (Bill, "\
        alquiler|renta|factura|loyer|facture|miete|rechnung|affitto|bolletta|aluguel|conta|huur|rekening"),
    (Quoted, "\
        nos pidieron|piden|pide|su oferta|il demande|leur offre|sie wollen|chiedono|pedem|ze vragen|\
        hun offerte|quiere|quieren|il veut|elle veut|veulent|will|vuole|vogliono|quer|querem|hij wil|\
        ze willen"),
    (Compare, "\
        compara*|compare*|vergleich*|confronta*|vergelijk*"),
    // For less.
    (Haggle, "\
        negoci*|regate*|contraofert*|rebaj*|bajar el|que baje|igualar|igualen|marchand*|contre offre|\
        faire baisser|fais baisser|baisser le|aligner|alignent"),
    (Haggle, "\
        verhandl*|verhandel*|feilsch*|herunterhandel*|runterhandel*|handle ... aus|aushandel*|\
        nachverhandel*|gegenangebot*|drucke .. preis|drucken|runtergeh*|entgegenkommen|senken|mitzieh*|\
        gleichzieh*|nachlass*|runter|herunter|negozia*|contratt*|controffert*|pechinch*|contraproposta|\
        onderhandel*|afding*|tegenbod|afpingel*|abbassa*|descendre a|fais .. descendre|rauszuholen|\
        herausholen|rausholen|rausschlagen|no pases de|pas plus de|mehr als .. zahlen wir nicht|bajen|\
        geste sur le prix|un geste|mieux faire|faire mieux|un effort|como mucho|precio mejor|entgegen|\
        beim preis|am preis|preis machen|spielraum|runterkommt|runterkommen|margen|competencia|\
        concurrence|concurrent|konkurrenz*|mitbewerber|wettbewerber|concorrenza|concorrencia|\
        discute .. prix|llega .. acuerdo"),
    (Discount, "\
        descuento*|rebaja|rabais|remise|remises|reduction|ristourne|ristournes|reductions|rabatt*|\
        *rabatt|preisnachlass|skonto|nachlass|sconto|sconti|desconto*|korting*"),
    (Cheaper, "\
        mejor precio|mejor oferta|mas barato|meilleures conditions|moins cher|tarif reduit|\
        bessere* preis|gunstiger*|billiger*|besseren preis|besten preis|melhor preco|beter* prijs|\
        goedkoper|betere prijs|mejores condiciones|meilleures conditions de paiement"),
    (Lower, "\
        baja*|reduc*|dismin*|baisser|reduire|reduise*|diminuer|senk*|reduzier*|weniger|ridurre|\
        abbassare|reduzir|baixar|verlag*|omlaag|descendre|bajen|rauszuholen"),
    (Offer, "\
        ofrece|ofrecele*|ofrecer|ofrezca*|offre|propose*|biete|bieten|anbieten|biet|offri*|oferece*|\
        bied|bieden"),
    (TooHigh, "\
        muy caro|demasiado alto|trop cher|trop eleve|hors budget|zu teuer|zu hoch|troppo caro|\
        muito caro|caro demais|te duur|te hoog"),
    // What they think and how they do it.
    (Survey, "\
        encuest*|entrevist*|cuestionario*|investig*|estudio|sondear|sondeo|valoracion|sondage*|enquete*|\
        questionnaire|interview*|interroge*|etude|sonder|umfrage*|befrag*|*umfrage|*befragung|\
        marktforschung|recherch*|fragebogen|studie|marktstudie|feedback|sondaggio|intervist*|\
        questionario|indagine|pesquis*|inquerito|onderzoek*|marktonderzoek|bevrag*|cinco preguntas|\
        pourquoi ils sont partis|fragen zu|sprich .. daruber|sprich mit|wie sie mit|parla con|fale com|\
        neutral|neutre|avis des|l avis|opinion de|la opinion|meinung von|meinung der|raccogli|\
        opinione di|entretien avec"),
    (Opinion, "\
        opinion*|opina*|piensan|piensa|satisf*|experiencia*|que les parecio|valora|valoran|impresion*|\
        avis sur|leur avis|son avis|pensent|pense de|ressenti|meinung*|halten von|zufrieden*|erfahrung*|\
        denken uber|gefall*|skala|eindruck*|soddisf*|cosa pensano|opini*|acham|mening|tevreden*|\
        vinden van|ervaring*|mejorar*|ameliorer*|verbesser*|miglior*"),
    (Practice, "\
        como gestionan|como manejan|como eligen|que software|que sistema*|utilizan|usan|prefieren|\
        habitos|preferencias|retos|desafios|necesidades|tendencias|cada cuanto|comment ils|quels outils|\
        utilisent|preferent|habitudes|preferences|defis|difficultes|besoins|tendances|wie sie|\
        welche software|welche tools|nutzen|verwenden|bevorzug*|gewohnheit*|herausforderung*|bedurfnis*|\
        trends|wie oft|wie haufig|wunsche|abitudini|sfide|preferenze|como gerem|hoe ze|gebruiken|\
        uitdaging*|gewoontes|voorkeur*|echan de menos|que funciones"),
    // What we sell.
    (Pitch, "\
        ofrece* nuestr*|present* nuestr*|presenta*|promocion*|captar|prospecc*|puerta fria|vendre|vends|\
        vendez|present* notre|present* nos|propos* nos|presente*|promouvoir|prospect*|demarch*|vanter"),
    (Pitch, "\
        verkauf*|vorstell*|stell* .. unser* .. vor|stelle ... vor|biet* .. unser*|anbiet*|kaltakquise|\
        akquise|akquir*|neukunden*|gewinnen|bewerb*|prasentier*|werben|pitche*|apresent*|promuov*|\
        divulg*|verkop*|verkoop|aanbied*|stel .. voor|voorstellen|introduceer|introduceren|\
        ventajas de nuestr*|explica* .. ventajas|explicales|als partner|als kunden|gewinne|partenaire|\
        socios|vantaggi|vender|venderles|venderle|vende|vendere|vendi|vendemos|vendendo|vendiamo|\
        stell ... vor|neues produkt|stell .. unser|clientes nuevos|nuovi clienti|bei uns .. bestellen"),
    (Goods, "\
        nuestros servicios|nuestro software|nuestra app|nos produits|nos services|notre logiciel|\
        notre offre|unsere firma|unsere app|onze dienst*|product"),
    (Demo, "\
        prueba gratis|demostracion|muestra*|demonstration|echantillon*|probeabo|probezeitraum|\
        kostenlos*|vorfuhrung|muster|dimostrazione|demonstracao|amostra*|proefperiode|proefabonnement"),
    (Lead, "\
        interesados|prospects|decideur*|entscheider*|interessent*|einkaufsleiter*|inkoper"),
    (Interest, "\
        interesa*|interes|cambiarse a|interess*|interet|wechsel*|interessat*|geinteresseerd|overstappen|\
        bedarf an"),
    (Propose, "\
        ofrecer|ofrece|ofrecele*|ofrezca*|ofrecerles|propose*|presenter|biete|anbieten|biet|offri*|\
        proponi|propor|oferecer|ofereca|bied|aanbieden"),
    // What went wrong.
    (Complain, "\
        quej*|reclamac*|exig*|indign*|denunci*|disput*|plain*|se plaindre|plainte*|reclam*|exige*|\
        mecontent*|insatisf*|litige|inacceptable|inadmissible"),
    (Complain, "\
        beschwer*|reklamier*|reklamation*|bemangel*|mangelruge|beanstand*|verlang*|unzufrieden|\
        inakzeptabel|eskalier*|widersprech*|widerspruch|lament*|protest*|recla*|queix*|insatisfeit*|\
        klaag|klacht*|klagen|ontevreden|eis|eisen|conteste|contester|contestez|contestation|furios*|\
        wutend|enfadad*|furieux|furieuse|en colere|un responsable|anwalt|abogado|avocat|arrabbiat*|boos|\
        se hagan cargo|hacerse cargo|endlich|mach druck"),
    (Remedy, "\
        reembols*|devuelv*|devolver|compensac*|compensa*|indemniz*|disculpa*|reposicion|reemplaz*|\
        rembours*|compens*|dedommag*|indemnis*|excuses|remplac*"),
    (Remedy, "\
        ruckerstatt*|erstatt*|ruckzahlung|geld zuruck|zuruckverlang*|zuruckerstatt*|entschadig*|\
        schadensersatz|entschuldigung|ersatz|ersatzlieferung|gutschrift|umtausch*|nachbesser*|\
        austausch*|rimbors*|risarcimento|scuse|sostituzione|sostituire|ressarc*|indeniz*|desculpas|\
        substitu*|devolu*|terugbetal*|vergoed*|schadevergoeding|geld terug|vervang*"),
    (Wronged, "\
        equivocad*|incorrect*|cobraron dos veces|doble cobro|me cobraron|nos cobraron|grosero*|\
        maleducad*|sucia|sucio|nunca llego|no aparecio|no vinieron|mal estado|mal servicio|pesimo|\
        pesima|mal trato|ruido*|sin avisar|facture deux fois|surfactur*|impoli*|desagreable*|\
        pas arrive*|pas livre*|pas venu*|retard de livraison|avec retard|bruit*|bruyant*|trop percu|\
        mal passe*|erreur sur"),
    (Wronged, "\
        zweimal abgebucht|falsch|falsche|falschen|falsches|unfreundlich*|unverschamt*|schmutzig*|\
        dreckig*|nicht erschienen|verspatet*|verspatung|mangelhaft*|mangel|larm*|zu laut|versalzen|\
        schlecht|sbagliat*|mai arrivat*|ritardo|sporc*|scortes*|errad*|atrasad*|atraso|suj*|\
        nunca chegou|nao chegou|mal atendid*|verkeerd*|te laat|vies|onbeleefd|fria|frio|nunca vino|\
        nadie vino|jamais venu*|n est jamais venu|froid*|nie gekommen|niemand|kam nicht|kalt|\
        alles dreckig|verschmutzt|doppelt|freddo|fredda|nessuno|ninguem|koud|chinches|bichos|a perdu|\
        ont perdu|perdieron|verloren"),
    (Broken, "\
        roto|rota|rotos|rotas|averiad*|danad*|defectuos*|no funciona*|no sirve|error|faltan|falta|\
        no llego|casse*|abime*|endommag*|defectueu*|marche pas|panne|erreur*|kaputt*|defekt*|\
        beschadigt*|geht nicht|fehler*|fehlt|fehlen|zerbrochen|zerkratzt|rott*|danneggiat*|difettos*|\
        non funziona|errore|quebrad*|estragad*|danificad*|defeituos*|nao funciona|erro|kapot|\
        beschadigd*|defect*|werkt niet|fout*|rompio|rompieron|a casse|ont casse|hat kaputt|\
        kein warmes wasser|kein strom|kein internet|keine heizung|sin agua|sin luz|sin internet|\
        pas d eau|geht ... nicht|funktioniert ... nicht"),
    (Manager, "\
        gerente|encargado|supervisor|responsable|direction|superieur|vorgesetzt*|geschaftsfuhr*|\
        filialleit*|responsabile|direttore|leidinggevende"),
    (Fix, "\
        arregl*|soluc*|repar*|repare*|resoudre|solution|reparier*|losung|behoben|beheb*|in ordnung|\
        risolv*|ripar*|resolv*|consert*|oploss*|herstel*"),
    // What was said or sent before.
    (Chase, "\
        seguimiento|relanc*|point sur|suivi|suivre|nachfass*|nachhak*|hak ... nach|hake ... nach|\
        nachfrag*|wiedervorlage|sollecit*|ricontatt*|seguito|acompanh*|retom*|opvolg*|navraag|navragen|\
        nabellen|insiste"),
    (Status, "\
        como va|como van|novedad*|noticias|avance|ya llego|ya esta|ya han|ya ha|ya salio|ya enviaron|\
        esta list*|estan list*|ou en est|ou en sont|avancement|etat de|des nouvelles|du nouveau|\
        est pret*|sont pret*|est il pret|deja ete|expedie*|ou est ma|ou est mon|wie weit|stand der|\
        stand meiner|stand von|der stand|den stand|bearbeitungsstand|wo bleibt|schon|bereits|fertig|\
        versandt|verschickt|neuigkeiten|neues zu|a che punto|stato del*|novita|gia|e pront*|andamento|\
        status do|status da|ja foi|ja esta|pronto|novidades|como esta o|al klaar|is klaar|al verzonden|\
        nieuws over|listo|lista|traite*|est ce que mon|bearbeitet|etwas neues|was neues|neuigkeit|\
        angekommen|entschieden|fertiggestellt|cuando llega|quand arrive|quand sera|quando chega|\
        wanneer komt|estado|aprobaron|aprobado"),
    (Earlier, "\
        enviamos|envie|mandamos|mande|mi solicitud|hablamos|hable con|quedamos|acordamos|mi correo|\
        impagad*|vencid*|envoye|envoyee|ma demande|mon dossier|notre devis|mon mail|notre mail|impaye*|\
        candidature"),
    (Earlier, "\
        geschickt|gesendet|zugeschickt|gesandt|eingereicht|beantragt|mein antrag|meinem antrag|\
        unser angebot|bewerbung|gesprach vom|telefonat|gesprochen|besprochen|vereinbart|unsere mail|\
        meine mail|offene rechnung*|uberfallig*|unbezahlt*|ho inviato|inviat*|nostra proposta|enviei|\
        nossa proposta|meu pedido|falamos|conversamos|gestuurd|verstuurd|onze offerte|gesproken"),
    (Waiting, "\
        no nos han|no me han|no contestan|todavia no|aun no|pendiente|esperamos|pas de reponse|\
        sans reponse|toujours pas|pas encore|attend|attendons|attends|noch nicht|noch keine|noch immer|\
        immer noch|warten|warte|wartet|ancora non|aspettando|sem resposta|ainda nao|aguardando|\
        geen reactie|nog niet|nog steeds|wachten|no ha pagado"),
    (Received, "\
        han recibido|recibieron|recibio|ha recibido|pudieron ver|ha podido|han podido|han visto|\
        recu notre|recu nos|ont recu|a recu|avez recu|bien recu|eu le temps|erhalten|angeschaut|\
        angesehen|durchgelesen|geprft|gepruft|hanno ricevuto|ha ricevuto|ricevut*|receberam|recebeu|\
        viram|ontvangen|bekeken|gezien"),
    (Remind, "\
        recuerd*|recordar*|recordatorio|rappelez|rappel|rappeler|rappelle lui|erinner*|mahn*|anmahn*|\
        ricord*|promemoria|lembr*|herinner*|nos deben|nous doivent|schulden uns"),
    (Promise, "\
        prometier*|prometid*|prometio|quedaron en|quedo en|dijeron que|dijo que|iban a|nos enviaron|\
        nos mandaron|promis|devait|devaient|avait dit|avaient dit|versproch*|zugesagt*|zusag*|\
        angekundigt*|promess*|dovevano|doveva|prometeram|ficaram de|ficou de|beloofd*|toegezegd*|zouden|\
        wollte sich melden|wollten sich melden|sollte sich melden"),
    (Decided, "\
        decidido|decidieron|decision|decide|entschieden|entscheidung|deciso|decisione|decidiram|decisao|\
        besloten|beslissing"),
    (Matter, "\
        propuesta|solicitud|pedido|pedidos|entrega|paquete|envio|factura|pago|documentos|documentacion|\
        contrato|correo|presupuesto|cotizacion|reparacion|oferta|commande|commandes|livraison|colis|\
        facture|paiement|dossier|documents|contrat|demande|devis|proposition|candidature|reparation|\
        mail|courriel|bestellung|lieferung|paket|sendung|rechnung|zahlung|unterlagen|vertrag|antrag|\
        anfrage|angebot|reparatur|bewerbung|kostenvoranschlag|proposta|ordine|consegna|pacco|fattura|\
        pagamento|documenti|richiesta|preventivo|encomenda|fatura|orcamento|bestelling|pakket|levering|\
        factuur|betaling|aanvraag|offerte|zending"),
    (Study, "\
        tesis|articulo|periodista|universidad|these|memoire|article|universite|studie|doktorarbeit|\
        masterarbeit|bachelorarbeit|artikel|journalist*|universitat|tesi|articolo|tese|artigo|scriptie"),
    (Instead, "\
        statt|anstatt|anstelle|en lugar de|en vez de|au lieu de|invece di|em vez de|in plaats van"),
    (Plan, "\
        concertar|concierta|agendar|agenda|programar|programa|organizar|organisiere|organisieren|\
        vereinbar*|organiser|organise|planifier|fissare|fissa|agende|plannen"),
    (Place, "\
        hotel|apartamento|piso|coche|taxi|vuelo|entradas|billetes|appartement|voiture|vol|billets|\
        wohnung|auto|flug|karten|tickets|volo|carro|passagem|vlucht"),
    (Shift, "\
        otro dia|otra hora|otra fecha|mas tarde|mas temprano|antes|al final no|no vamos|autre jour|\
        autre date|plus tard|plus tot|au lieu de|einem anderen|anderen tag|anderer tag|passt nicht|\
        fruher|anpassen|klappt nicht|verhindert|altro giorno|piu tardi|outro dia|mais tarde|mais cedo|\
        andere dag|later|eerder|doch nicht|plutot|avancer|anticiper|ajuster|empeche*|spatere*|fruhere*|\
        spater*"),
    (Standing, "\
        tengo cita|tenemos mesa|j ai rendez vous|habe einen termin|habe gebucht"),
    (Open, "\
        por que|como|que opinan|que piensan|que echan|pourquoi|comment|ce qu|was sie|wie sie|warum|\
        wieso|weshalb|perche|come|cosa|o que|waarom|hoe|wat ze"),
    (Audience, "\
        clientes|padres|vecinos|inquilinos|pacientes|alumnos|usuarios|empleados|duenos|empresas|\
        restaurantes|hoteles|clinicas|tiendas|negocios|clients|parents|habitants|locataires|patients|\
        eleves|utilisateurs|employes|commercants|entreprises|restaurants|hotels|garages|boutiques|\
        artisans|kunden|eltern|anwohner|mieter|patienten|schuler|nutzer|mitarbeiter|handler|firmen|\
        unternehmen|betriebe|landwirte|landwirten|praxen|clienti|genitori|aziende|ristoranti|pais|\
        klanten|ouders|bedrijven|estudiantes|etudiants|studenten|studenti|estudantes|lehrer|docentes|\
        profesores|enseignants"),
    (Entice, "\
        descubrir|conocer|invita*|probar|unirse|decouvrir|inviter|invite|essayer|rejoindre|kennenlernen|\
        einladen|lade|testen|ausprobieren|scoprire|provare|conhecer|experimentar|convid*|kennismaken|\
        uitnodig*|proberen|ofreceles|ofrecerles|contacta*|contacte*|proposer"),
    (Failed, "\
        nunca|nadie|jamais|personne|nie|niemand|mai|nessuno|ninguem|nooit"),
    (Purchase, "\
        bestell*|kauf*|commande|commander|achete|acheter|compra|comprar|encarga|encargar|ordina*|compre|\
        encomende"),
    (Counter, "\
        pagaria|pagariamos|puedo pagar|je paierais|depasse pas|zahlen wir|wurde zahlen|zahle ich|\
        unterschreiben|pagherei|posso pagar|wil betalen"),
    (Helper, "\
        tecnico|fontanero|electricista|plombier|electricien|handwerker|ophtalmo|dentiste|medecin|\
        coiffeur|arzt|zahnarzt|friseur|peluquero|peluqueria|dentista|medico|medica|kapper|tandarts|\
        taller|werkstatt|garagiste|officina"),
    (About, "\
        sobre|acerca de|sur|au sujet|uber|zum thema|zu|riguardo|over"),
    (Move, "\
        cambia*|muevela|muevelo|pasala|pasalo|deplace la|change la|schieb*"),
    (Persuade, "\
        convenc*|persuad*|convainc*|uberzeug*|overtuig*|convinc*"),
    (Number, "\
        dos|tres|cuatro|cinco|seis|siete|ocho|diez|deux|trois|quatre|cinq|six|sept|huit|dix|zwei|drei|\
        vier|funf|sechs|sieben|acht|zehn"),
    (What, "\
        ce que|quoi|cosa|que piensan|comment|como|wie|come|hoe"),
    (Where, "\
        donde|ou|wo|dove|onde|waar"),
    (Ago, "\
        semana pasada|mes pasado|letzte woche|letzten monat|vorige week"),
];
