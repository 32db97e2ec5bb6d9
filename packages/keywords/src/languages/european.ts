import type { Language } from '../concepts.ts'

export const finnish: Language = {
  code: 'fi',
  optOut: [
    'LOPETA',
    'PERU',
    'PERUUTA',
    'SEIS',
    'POISTA',
    'PYSÄYTÄ',
    'LOPETTAA',
    'PERU TILAUS',
    'ESTO',
    'PERUUTUS',
    'EI ENÄÄ',
  ],
  optIn: [],
  help: ['APUA', 'OHJE'],
  words: {
    stop: 'lopeta, lopettakaa, lopettaa, lopettakaa jo, alkaa, ala, stop, riittaa, seis, loppukoon',
    contact:
      'lahettaminen, lahettamasta, lahettamista, lahettaa, lahettako, lahettakaa, laheta, lahetella, lahettele, hairita, hairitsemasta, hairitseminen, hairitko, ottako yhteytta, soittaminen, viestittely, tekstaa*, viestien lahet*, spammaaminen',
    order:
      'lahettako, laheta, lahettaako, lahetelko, hairitko, hairitse, kirjoittako, tekstaa, ottako yhteytta, soittako',
    message:
      'viesti*, vieste*, tekstiviesti*, tekstivieste*, sms, mainok*, mainon*, tarjouk*, ilmoituk*, spam*, markkinoint*, uutiskirje*',
    not: 'en, ei, ala, alkaa, emme, eika, alkaaka',
    more: 'enaa, enempaa, lisaa, koskaan, jatkossa',
    noMore: 'ei enaa, en enaa, alkaa enaa, ala enaa, ei lisaa',
    want: 'halua*, toivo, tahdo, kiinnosta, kiinnostunut, tarvitse, tilannut, suostunut',
    receive: 'saada, vastaanottaa, ottaa vastaan, saisi, kuulla',
    me: 'minulle, mulle, minua, numeroni, tahan numeroon, meille, tietoni, numeroani, minut, mut, mua, minuun, numeroon',
    remove: 'poista, poistakaa, poistaa, ottakaa pois, ota pois, pyyhi, pois',
    list: 'lista*, rekister*, tietokan*, jakelu*, postituslista*, jarjestelma*',
    unsubscribe:
      'peru tilaus*, perukaa tilaus*, peruuttaa tilaus*, perua tilaus*, peruuta tilaus*, irtisano*, peruutan suostumukse*, perun suostumukse*, poistukaa',
    cancel: 'peru, perukaa, peruuttaa, peruuta, lakkauttakaa, estakaa, perua',
    wrong:
      'vaara numero, vaara henkilo, vaarassa numerossa, vaaraan numeroon, vaaralle henkilolle, vaaralla numerolla, en ole se, ei ole hanen numero*, vaara vastaanottaja, numero on vaihtunut',
    leave:
      'jattakaa minut rauhaan, jata minut rauhaan, jata rauhaan, jattakaa rauhaan, jata mut rauhaan, painukaa, haista, unohtakaa numeroni, haipykaa',
    threat:
      'teen ilmoituk*, ilmoitan teidat, kuluttaja-asiamies*, rikosilmoitu*, tietosuojavaltuut*, estan tei*, estin*, asianajaja*, raportoin*, blokkaan*',
    keep: 'ala lopeta, alkaa lopettako, en halua lopettaa, en halua perua, jatkakaa, jatka, ala unohda, alkaa unohtako, en voi, en pysty, en saanut, en ole saanut, vahingossa, alkaa poistako, ala poista, ei tarvitse lopettaa, en halua poistua',
    ordinary:
      'ajan, aika, aikani, varaus, varauks*, varaamani, tilaukseni, tapaami*, matka*, lento*, poyta*, hotelli*, lasku, ostoslista*, sipuli*, bussi*, pysak*, kello, jonotuslista*, toimitu*, paketti*, kuntosali*, tupakoin*, lopuksi, loppuun',
  },
}

export const turkish: Language = {
  code: 'tr',
  optOut: [
    'DUR',
    'DURDUR',
    'İPTAL',
    'RET',
    'RED',
    'ÇIK',
    'ÇIKIŞ',
    'SON',
    'BIRAK',
    'ABONELİKTEN ÇIK',
    'İPTAL ET',
    'KAPAT',
    'YETER',
    'İSTEMİYORUM',
    'İPTAL ETMEK İSTİYORUM',
    'DURDURUN',
  ],
  optIn: [],
  help: ['YARDIM'],
  words: {
    stop: 'durdur, durdurun, birakin, birak, kesin, kes, son verin, son ver, yeter, dur, durun, vazgecin, stop',
    contact: 'gonder*, atma, atmak, yaz*, yolla*, yollama*, rahatsiz et*, ara*, iletme*, taciz*, spam*',
    order:
      'gondermeyin, gondermeyiniz, gonderme, atmayin, atma, atmayiniz, yazmayin, yazma, yazmayiniz, yollamayin, yollama, aramayin, arama, rahatsiz etmeyin, rahatsiz etme, rahatsiz etmeyiniz, iletmeyin',
    message: 'mesaj*, sms*, bildirim*, reklam*, kampanya*, ileti*, spam*, kisa mesaj*, duyuru*',
    not: 'istemiyorum, istemiyoruz, istemem, istemiyom, gondermeyin, gondermeyiniz, gonderme, atmayin, atma, atmayiniz, yazmayin, yazma, yazmayiniz, yollamayin, yollama, aramayin, rahatsiz etmeyin, rahatsiz etme, rahatsiz etmeyiniz, iletmeyin, hicbir',
    more: 'artik, bir daha, daha, tekrar, bundan sonra',
    noMore: 'yeter, baska mesaj yok',
    want: 'istemiyorum, istemiyoruz, istemem, istemiyom, onaylamiyorum, izin vermiyorum, ilgilenmiyorum',
    receive: 'almak, alma, almay*, gelsin, gelmesini, gelmesin',
    me: 'bana, beni, numarami, bu numaraya, bize, numaram, bilgilerimi, bu numarayi, telefonuma, numarama',
    remove:
      'cikarin, cikar, cikarin beni, silin, sil, kaldirin, kaldir, cikartin, cikart, siliniz, cikariniz',
    list: 'liste*, veritaban*, rehber*, sistem*, kayit*, veri tabani*, gurup*, grup*',
    unsubscribe:
      'abonelik*, aboneligimi, uyelikten cik*, uyeligimi iptal*, iptal etmek istiyorum mesaj*, mesaj iptal, mesajlari iptal*, sms iptal*, ileti iznimi*, onayimi geri*, iznimi geri*, iznimi iptal*, listeden cik*',
    cancel:
      'iptal, iptal edin, iptal et, kapatin, kapat, sonlandirin, engelle, durdur, durdurun, durdurulsun',
    wrong:
      'yanlis numara, yanlis kisi, yanlis kisiye, numara yanlis, yanlis numaraya, numaram degisti, o kisi degilim, tanimiyorum, numara bana ait, numara ona ait degil, artik onun degil',
    leave:
      'beni rahat birakin, beni rahat birak, rahat birakin, rahat birak, defolun, defol, numarami unutun, numarami silin, rahatsiz etmeyin, rahatsiz etme, rahatsiz etmeyiniz',
    threat:
      'sikayet edecegim, sikayet ederim, sikayet ediyorum, dava acacagim, dava acarim, savciliga, btk, engelliyorum, engelledim, engelleyecegim, spam olarak, avukat*, kvkk',
    keep: 'durmayin, durdurmayin, birakmayin, cikmak istemiyorum, cikarmayin, iptal etmeyin, iptal etmek istemiyorum, devam edin, devam et, unutmayin, unutma, gonderemiyorum, gonderemedim, gelmedi, almadim, yanlislikla, cekinmeyin, silmeyin, kacirmak istemiyorum, birakmak istemiyorum, daha fazla gonder*',
    ordinary:
      'randevu*, rezervasyon*, siparis*, ucus*, ucag*, seyahat*, kurs*, hesab*, sepet*, toplanti*, magaza*, durak*, duragi, teslimat*, masa*, otel*, bilet*, fatura*, alisveris*, sogan*, saat*, kargo*, paket*, spor salon*, sigara*, sonunda, hafta sonu, sonra gel*, son durum',
  },
}

export const polish: Language = {
  code: 'pl',
  optOut: [
    'KONIEC',
    'REZYGNUJĘ',
    'REZYGNACJA',
    'WYPISZ',
    'ANULUJ',
    'WYPISZ MNIE',
    'DOŚĆ',
    'USUŃ',
    'WYŁĄCZ',
    'ZATRZYMAJ',
    'WYREJESTRUJ',
    'REZYGNUJE',
    'WYPISUJĘ SIĘ',
    'PRZESTAŃ',
    'ZAKOŃCZ',
    'ODWOŁAJ',
  ],
  optIn: [],
  help: ['POMOC'],
  words: {
    stop: 'przestan, przestancie, przestac, prosze przestac, skoncz, skonczcie, dosc, stop, zaprzestan*, zaprzestac, wstrzyma*',
    contact:
      'wysyl*, pisac, pisania, pisz, kontaktowac, kontaktu, nekac, nekania, przysyla*, dzwon*, zawraca*, spamowac, spamowania, smsowac, meczyc, przeszkadzac',
    order:
      'wysylaj, wysylajcie, wysylac, wysylal, wysylali, pisz, piszcie, pisac, kontaktuj, kontaktujcie, kontaktowac, przysylaj, przysylajcie, przysylac, dzwon, dzwoncie, dzwonic, nekaj, nekajcie, smsuj, piszta, przeszkadzaj',
    message:
      'wiadomosc*, wiadomosc, wiadomosci, sms, smsy, smsow, sms y, sms ow, esemesy, esemesow, esow, reklam, reklamy, powiadomien, powiadomienia, ofert, oferty, spam, spamu, promocji, newslettera',
    not: 'nie, nigdy, zadnych, zadnej, prosze nie, ani',
    more: 'wiecej, juz, ponownie, kolejnych, dalszych, nigdy wiecej, znowu',
    noMore: 'dosc, nigdy wiecej, zadnych wiecej, koniec z, zero, zadnych',
    want: 'chce, chcemy, zycze, potrzebuje, interesuje, jestem zainteresowan*, zgadzam, wyrazam zgody, wyrazalem zgody, wyrazalam zgody, prosilem, prosilam, zamawialem, zgody, mam ochoty',
    receive: 'otrzymywac, dostawac, odbierac, byc na, otrzymac',
    me: 'mi, mnie, do mnie, moj numer, moj nr, mojego numeru, ten numer, nam, moje dane, numer, numeru, nr, na ten numer',
    remove:
      'usun, usuncie, usunac, prosze usunac, wykresl, wykreslcie, wykreslic, skasuj, skasujcie, wyrzuc*, zabierzcie, usuniecie, wypisz*',
    list: 'listy, lista, bazy, bazy danych, baza, systemu, kontaktow, rejestru, listy mailingowej, subskrypcji',
    unsubscribe:
      'wypisz mnie, wypiszcie mnie, wypisac, wypisac sie, wypisuje, wypisanie, rezygnuj*, rezygnacj*, zrezygnowac, wyrejestr*, cofam zgode, wycofuje zgode, odwoluje zgode, cofniecie zgody, anuluj subskrypcje, anulowac subskrypcje, anulujcie subskrypcje, sprzeciwiam sie, wnosze sprzeciw',
    cancel:
      'anuluj, anulowac, wylacz, wylaczyc, wylaczcie, zakoncz, zakonczyc, zablokuj, zablokowac, dezaktywuj',
    wrong:
      'zly numer, bledny numer, pomylka, zla osoba, niewlasciwy numer, niewlasciwa osoba, nie ten numer, nie ta osoba, nie jestem ta osoba, pomylili panstwo numer, pomyliles numer, to nie jest numer, to nie moj numer, to juz nie jest numer, nie znam',
    leave:
      'dajcie mi spokoj, daj mi spokoj, dajcie spokoj, odczepcie sie, odczep sie, spadajcie, spadaj, odwalcie sie, odpieprzcie sie, zapomnijcie moj numer, wynocha, zostawcie mnie w spokoju, zostaw mnie w spokoju, prosze dac mi spokoj',
    threat:
      'zglosze, zglaszam, zgloszone, pozwe, do sadu, uodo, uokik, zablokuje was, blokuje was, prawnik*, na policje, nekanie, zawiadomie, rodo',
    keep: 'nie przestawaj, nie przestawajcie, nie wypisuj, nie wypisujcie, nie chce sie wypisac, nie chce rezygnowac, nie usuwaj, nie usuwajcie, nie rezygnuje, wysylajcie dalej, kontynuuj*, nie zapomnij, nie zapomnijcie, nie moge, nie dostalem, nie dostalam, nie otrzymalem, nie otrzymalam, przez pomylke, przez przypadek, niechcacy, nie wahaj, nie wylaczaj*, nie anuluj, nie anulujcie, nie chce przegapic',
    ordinary:
      'wizyt*, rezerwacj*, zamowien*, spotkani*, lot, lotu, podroz*, konto, koszyk*, sklep*, przystan*, dostaw*, stolik*, hotel*, bilet*, faktur*, zakup*, lista zakupow, cebul*, godzin*, liste oczekujacych, paczk*, silown*, palic, palenie, konca tygodnia, do konca, koniec tygodnia, na koniec, weekend*, karnet*, koniec swiata, wizyte',
  },
}

export const czech: Language = {
  code: 'cs',
  optOut: [
    'KONEC',
    'ODHLÁSIT',
    'ZRUŠIT',
    'UKONČIT',
    'DOST',
    'ODHLÁŠENÍ',
    'ZASTAVIT',
    'PRESTAŇTE',
    'ZRUŠ',
    'ODVOLAT',
    'ODVOLÁVÁM',
    'UKONČIŤ',
    'ZASTAV',
  ],
  optIn: [],
  help: ['POMOC', 'NÁPOVĚDA'],
  words: {
    stop: 'prestante, prestan, prestat, nechte, nechat, dost, ukoncete, stop, skoncete',
    contact:
      'posilat, psat, kontaktovat, otravovat, obtezovat, zasilat, posielat, volat, spamovat, zasilani, posilani',
    order:
      'neposilejte, neposilej, nepiste, nepis, nekontaktujte, nekontaktuj, neotravujte, neobtezujte, nezasilejte, neposielajte, nevolejte, neposlat',
    message:
      'zprav, zpravy, zprava, sms, smsky, smsek, reklamy, reklam, reklamu, oznameni, nabidky, spam, spravy, upozorneni',
    not: 'neposilejte, neposilej, nepiste, nepis, nekontaktujte, nekontaktuj, neotravujte, neobtezujte, nezasilejte, neposielajte, nechci, nechceme, neprejeme, nepreji, zadne, zadnou, uz ne, nesouhlasim, nemam zajem',
    more: 'uz, vice, dalsi, znovu, nikdy',
    noMore: 'zadne dalsi, uz zadne, dost, konec s',
    want: 'nechci, nechceme, nepreji, neprejeme, nesouhlasim, nemam zajem, nezajima',
    receive: 'dostavat, prijimat, odebirat, dostat',
    me: 'mi, me, mne, moje cislo, toto cislo, nam, muj kontakt, cislo, me cislo',
    remove: 'smazte, vymazte, odstrante, vyradte, odeberte, odstranit, vymazat, smazat, vyskrtnete',
    list: 'seznam, seznamu, databaze, systemu, kontaktu, evidence, zoznamu, databazy',
    unsubscribe:
      'odhlas*, odhlaste, odhlasit, zrusit odber, zruste odber, odvolavam souhlas, odvolavam svuj souhlas, ukoncit odber, ukoncete odber',
    cancel: 'zruste, zrusit, vypnete, ukoncit, vypnout',
    wrong:
      'spatne cislo, spatna osoba, spatny kontakt, mate spatne cislo, omyl, nespravne cislo, nejsem ta osoba, neznam',
    leave:
      'dejte mi pokoj, nechte me byt, nechte me na pokoji, dej mi pokoj, daj mi pokoj, zapomente na me cislo, tahnete',
    threat: 'nahlasim, nahlasuji, stiznost, pravnik*, zaluj*, policii, blokuji vas, zablokuji',
    keep: 'neprestavejte, neprestavej, nechci se odhlasit, nechci zrusit, neodhlasujte, neruste, pokracujte, nezapomente, nedostal, nedostala, omylem, nevahejte',
    ordinary:
      'schuzk*, rezervac*, objednavk*, navstev*, let, cestu, kurz, ucet, kosik*, obchod*, zastavk*, dodavk*, stul, hotel*, listek, faktur*, nakup*, cibul*, hodin*, balik*, na konci, konec tydne, kourit, termin',
  },
}

export const hungarian: Language = {
  code: 'hu',
  optOut: ['LEIRATKOZÁS', 'LEIRATKOZOM', 'ÁLLJ', 'VÉGE', 'LEMONDÁS', 'ELÉG'],
  optIn: [],
  help: ['SEGÍTSÉG'],
  words: {
    stop: 'hagyjak abba, hagyd abba, hagyjatok abba, fejezzek be, fejezd be, eleg',
    contact: 'kuld*, uzen*, irogat*, zaklat*, irni, irasat',
    order:
      'kuldjenek, kuldjon, kuldjetek, kuldj, kuldjetek, irjanak, irjon, irjatok, keressenek, zaklassanak',
    message: 'uzenet*, sms*, reklam*, ertesites*',
    not: 'ne, nem, soha',
    more: 'tobb*, tobbe, ujra, mar',
    want: 'akarok, szeretnek, kerek, kivanok',
    receive: 'kapni, fogadni',
    me: 'nekem, engem, szamomra, a szamomat, szamomat',
    remove:
      'toroljek, toroljek ki, torold, torolje ki, toroljenek, toroljon, toroljetek, vegyenek le, torolje, vegyen le',
    list: 'lista*, listarol, adatbazis*, nyilvantart*',
    unsubscribe: 'leiratkoz*, iratkozzanak le, iratkoztass*, visszavonom a hozzajarul*',
    wrong: 'rossz szam*, teves szam*, teves*, rossz ember*',
    leave: 'hagyjanak beken, hagyjatok beken, hagyj beken',
    keep: 'ne hagyjak abba, ne hagyd abba, nem akarok leiratkozni, nem szeretnek leiratkozni, ne felejts*, folytass*',
    ordinary: 'idopont*, foglalas*, rendeles*',
  },
}

export const greek: Language = {
  code: 'el',
  optOut: [
    'ΔΙΑΚΟΠΗ',
    'ΣΤΟΠ',
    'ΔΙΑΓΡΑΦΗ',
    'ΤΕΛΟΣ',
    'ΑΚΥΡΩΣΗ',
    'ΣΤΑΜΑΤΑ',
    'ΣΤΑΜΑΤΗΣΤΕ',
    'ΑΠΕΓΓΡΑΦΗ',
    'ΚΑΤΑΡΓΗΣΗ',
  ],
  optIn: [],
  help: ['ΒΟΗΘΕΙΑ'],
  words: {
    stop: 'σταματηστε, σταματα, σταματηστε να, σταματηστε πια, παψτε, παψε, διακοψτε, φτανει, αρκετα',
    contact:
      'στελνετε, στειλετε, στελνεις, στειλεις, γραφετε, ενοχλειτε, ενοχλεις, επικοινωνειτε, στελνουν, αποστολη',
    order:
      'στελνετε, στειλετε, στελνεις, στειλεις, γραφετε, ενοχλειτε, ενοχλεις, επικοινωνειτε, ξαναστειλετε, ξαναστειλεις, ξαναστελνετε',
    message: 'μηνυμα, μηνυματα, sms, ειδοποιησεις, διαφημισεις, προσφορες, διαφημιστικα, ενημερωσεις',
    not: 'μην, μη, δεν, ποτε',
    more: 'αλλα, αλλο, πια, ξανα, πλεον, περαιτερω',
    noMore: 'οχι αλλα, τερμα τα, φτανουν τα, οχι πια',
    want: 'θελω, θελουμε, επιθυμω, ενδιαφερομαι, ενδιαφερει',
    receive: 'λαμβανω, λαβω, παιρνω, δεχομαι',
    me: 'μου, με, εμενα, αριθμο μου, τον αριθμο, μας, ο αριθμος μου',
    remove: 'διαγραψτε, διαγραψε, αφαιρεστε, αφαιρεσε, βγαλτε, βγαλε, σβηστε, σβησε',
    list: 'λιστα, λιστες, βαση, συστημα, καταλογο',
    unsubscribe: 'διαγραφη απο, απεγγραφ*, διακοπη μηνυματ*, κατεβαστε με, ξεγραψτε, ανακαλω τη συγκαταθεση*',
    cancel: 'ακυρωστε, διακοπη',
    wrong: 'λαθος αριθμο*, λαθος νουμερο, λαθος ατομο, λαθος ανθρωπο, δεν ειμαι, λαθος κανετε',
    leave: 'αφηστε με ησυχ*, αφησε με ησυχ*, παρατηστε με, παρατα με, αφηστε με',
    threat: 'καταγγελια, θα σας καταγγειλω, μηνυση, δικηγορο*, μπλοκαρω',
    keep: 'μην σταματ*, μη σταματ*, δεν θελω να διαγραφω, δεν θελω να σταματ*, συνεχιστε, μην ξεχ*, μη διαγραψ*, μην με διαγραψ*, κατα λαθος',
    ordinary: 'ραντεβου, κρατηση, παραγγελια, πτηση, τραπεζι, ξενοδοχειο, σταση, πακετο',
  },
}

export const russian: Language = {
  code: 'ru',
  optOut: [
    'СТОП',
    'ОТПИСАТЬСЯ',
    'ОТПИСКА',
    'ОТМЕНА',
    'ХВАТИТ',
    'ОТКАЗ',
    'ОТПИШИТЕ',
    'ОТКАЗАТЬСЯ',
    'ОТКЛЮЧИТЬ',
    'ОТПИШИСЬ',
    'ПРЕКРАТИТЬ',
    'КОНЕЦ',
    'ОТМЕНИТЬ',
    'ПРЕКРАТИТЕ',
    'УДАЛИТЬ',
    'ОТПИСЫВАЮСЬ',
    'ВЫЙТИ',
    'СТОП ВСЕ',
    'ОТПИШИТЕ МЕНЯ',
    'ЗАВЕРШИТЬ',
    'ОСТАНОВИТЬ',
  ],
  optIn: [],
  help: ['ПОМОЩЬ', 'СПРАВКА'],
  words: {
    stop: 'прекратите, прекрати, прекратить, перестаньте, перестань, хватит, остановите, остановитесь, стоп, достаточно, кончайте, завязывайте, довольно, прошу прекратить, достали, достали со, прекращаите, прекращайте',
    contact:
      'писать, присылать, слать, отправлять, посылать, беспокоить, звонить, связываться, спамить, высылать, смс, рассыл*, доставать, донимать, шлете, сообщения',
    order:
      'пишите, пиши, присылаите, присылайте, присылай, присылаи, шлите, шли, отправляйте, отправляите, отправляй, посылайте, посылаите, посылай, беспокойте, беспокоите, звоните, звони, писать, присылать, слать, отправлять, посылать, высылайте, высылаите, связывайтесь, надоедайте, беспокоить, тревожьте',
    message:
      'сообщение, сообщения, сообщений, сообщении, смс, смски, смсок, sms, рассылка, рассылки, рассылку, рассылок, реклама, рекламу, рекламы, уведомления, уведомлений, уведомлении, спам, спама, предложения, эсэмэс*, месседж*, акции',
    not: 'не, никогда, никаких, ни, больше не, нельзя',
    more: 'больше, больше не, более, снова, опять, впредь, еще, никогда',
    noMore:
      'хватит, никаких, больше никаких, довольно, больше не надо, не надо больше, не нужно больше, не надо, долой',
    want: 'хочу, хотим, желаю, нужны, надо, интересует, нужно, интересно, давал согласия, давала согласия, соглас*, подписывал*, интересуют, нужна, заказывал*, просил, просила, согласия',
    receive: 'получать, видеть, принимать, получение',
    me: 'мне, меня, мой номер, мои номер, моего номера, этот номер, нам, нас, мои данные, мой телефон, номер, мою почту, на этот номер',
    remove:
      'удалите, удали, удалить, уберите, убери, убрать, исключите, исключить, вычеркните, сотрите, вычеркните, стереть, удаляите, удаляйте',
    list: 'списка, списков, список, базы, базы данных, базу, рассылки, рассылок, системы, контактов, рассылку',
    unsubscribe:
      'отпис*, отпишите, отпиши, отписаться, отказываюсь от рассыл*, отказаться от рассыл*, отмените подписку, отменить подписку, отмена подписки, отзываю согласие, отзываю свое согласие, снимите с рассылки, отключите рассылк*, отключить рассылк*, отключите смс, отключите уведомлен*, против рассыл*',
    cancel: 'отмените, отменить, отключите, отключить, заблокируйте, отключи',
    wrong:
      'ошиблись номером, ошибся номером, не тот номер, неправильный номер, неверный номер, не туда попали, вы ошиблись, не тот человек, это не мой номер, номер не принадлежит, номер больше не принадлежит, неправильныи номер, неверныи номер, не тот абонент, такого здесь нет, такой здесь нет, не знаю такого, ошиблись адресом, ошиблись человеком',
    leave:
      'оставьте меня в покое, оставь меня в покое, отстаньте, отстань, отвалите, отвали, отвяжитесь, отвяжись, идите к черту, забудьте мой номер, забудьте мои номер, пошли вон, идите на, идите лесом, не беспокойте, не беспокоите, не тревожьте, пошел на, пошли на',
    threat:
      'пожалуюсь, пожаловаться в, жалоба, жалобу, фас, роскомнадзор, в суд, подам в суд, подам жалобу, полицию, заблокирую, блокирую, в спам, юрист*, прокуратур*',
    keep: 'не прекращаите, не прекращайте, не останавливаитесь, не останавливайтесь, не переставаите, не переставайте, не отписываите, не отписывайте, не хочу отписываться, не хочу отписаться, не удаляите, не удаляйте, не отменяите, не отменяйте, продолжаите, продолжайте, не забудь, не забудьте, не могу, не получил, не получила, не пришло, не пришла, случайно, по ошибке отпис*, не стесняитесь, не стесняйтесь, не отключаите, не отключайте, не хочу пропуст*, не убираите, не убирайте',
    ordinary:
      'запись на, запись к, записи к, бронь, бронирован*, заказ, заказа, заказы, реис*, рейс*, поездк*, урок*, корзин*, встреч*, магазин*, остановк*, доставк*, столик*, отел*, билет*, счет*, покуп*, лук, лука, часов, посылк*, спортзал*, курить, выходн*, конце, концов, конец недели, абонемент*, врач*',
  },
}

export const ukrainian: Language = {
  code: 'uk',
  optOut: ['СТОП', 'ВІДПИСАТИСЯ', 'ВІДПИСКА', 'ДОСИТЬ', 'СКАСУВАТИ', 'ВІДМОВА', 'ВІДПИСАТИСЬ'],
  optIn: [],
  help: ['ДОПОМОГА'],
  words: {
    stop: 'припиніть, припинить, перестаньте, перестань, досить, зупиніть, стоп, годі, припиніть, припини',
    contact: 'писати, надсилати, присилати, слати, турбувати, дзвонити, надсилання',
    order:
      'пишіть, пиши, надсилаите, надсилайте, надсилай, присилайте, присилаите, шліть, турбуйте, турбуите, дзвоніть, писати, надсилати',
    message:
      'повідомлення, повідомлень, смс, sms, розсилка, розсилки, розсилку, реклама, рекламу, реклами, спам',
    not: 'не, ніколи, ніяких, більше не',
    more: 'більше, знову, надалі, ще',
    noMore: 'досить, ніяких, більше ніяких, не треба більше',
    want: 'хочу, хочемо, бажаю, потрібні, треба, цікавить',
    receive: 'отримувати, одержувати',
    me: 'мені, мене, мій номер, міи номер, цей номер, цеи номер, нам, номер',
    remove: 'видаліть, видали, приберіть, виключіть, викресліть, вилучіть',
    list: 'списку, списків, бази, розсилки, контактів, базу',
    unsubscribe: 'відпиш*, відпис*, скасуите підписку, скасуйте підписку, відкликаю згоду',
    wrong:
      'помилились номером, помилилися номером, не той номер, неправильний номер, не тои номер, неправильнии номер, ви помилились',
    leave:
      'дайте мені спокій, даите мені спокіи, відчепіться, залиште мене в спокої, відстаньте, не турбуйте, не турбуите',
    keep: 'не припиняите, не припиняйте, не зупиняйтесь, не хочу відписуватися, не видаляйте, продовжуите, продовжуйте, не забудьте, випадково',
    ordinary: 'запис*, бронюван*, замовлен*, зустріч*, магазин*, зупинк*, доставк*, квит*',
  },
}
