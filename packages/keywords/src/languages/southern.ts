import type { Language } from '../concepts.ts'

export const arabic: Language = {
  code: 'ar',
  optOut: [
    'قف',
    'توقف',
    'إيقاف',
    'ايقاف',
    'إلغاء',
    'الغاء',
    'إلغاء الاشتراك',
    'الغاء الاشتراك',
    'أوقف',
    'اوقف',
    'وقف',
    'كفى',
    'ستوب',
    'إنهاء',
    'انهاء',
    'توقفوا',
    'خروج',
    'أوقفوا',
    'اوقفوا',
    'إلغ',
    'حذف',
    'إلغاء اشتراك',
    'سحب الموافقة',
  ],
  optIn: ['ابدأ', 'استئناف'],
  help: ['مساعدة', 'مساعده'],
  words: {
    stop: 'كفى, توقفوا, توقف, اوقفوا, اوقف, كفوا, كف, ايقاف, وقفوا, كفي, خلاص, يكفي, كفايه, كفاية, بطلوا, بطل, توقفي, ارجو التوقف, رجاء التوقف, التوقف, عدم, ارجو عدم, الرجاء عدم, رجاء عدم, يرجى عدم, يرجي عدم',
    contact:
      'ارسال, الارسال, مراسلتي, ازعاجي, التواصل, الاتصال, ترسلوا, ترسل, بعت, تبعتوا, تبعتولي, ترسلون, مضايقتي, ازعاج, إرسال',
    order:
      'ترسلوا, ترسل, ترسلون, ترسلولي, ترسلوا لي, تراسلني, تراسلوني, تتصل, تتصلوا, تزعجوني, تزعجني, تبعتوا, تبعتولي, تبعتلي, تكتبوا, تتواصلوا, ارسال',
    message:
      'رسايل, رسائل, رسالة, رساله, الرسائل, الرسايل, رسايلكم, رسائلكم, اعلانات, الاعلانات, sms, اشعارات, الاشعارات, عروض, العروض, مسجات, المسجات, نصيه, نصية, دعايه, دعايات, إعلانات',
    not: 'لا, لن, ما, مش, ليس, لم, مو, ممنوع, لست, عدم',
    more: 'بعد الان, مره اخري, مرة اخرى, مره اخرى, المزيد, مجددا, ابدا, تاني, بعد اليوم, اي, من جديد, المزيد من',
    noMore: 'كفى, كفي, يكفي, كفايه, لا مزيد, بدون, لا مزيد من, كفاية, خلاص',
    want: 'اريد, ارغب, احب, عايز, عاوز, ابغي, ابي, بدي, اود, نريد, اوافق, مهتم, مهتمه, ابغى, ابى, مهتمة, اشترك, أوافق',
    receive: 'تلقي, استلام, استقبال, اتلقي, استلم, اتلقى, تلقى, وصول',
    me: 'لي, الي, رقمي, هذا الرقم, ني, لنا, علي, معي, بي, اسمي',
    remove:
      'احذفوا, احذف, احذفوني, احذفني, ازالة, ازاله, ازيلوا, ازل, شيلوا, شيل, امسحوا, امسح, امسحوني, حذف, شيلوني, ازيلوني, مسح, أزيلوا',
    list: 'القائمه, القائمة, قائمتكم, قوائمكم, قائمه, قائمة, قاعده, قاعدة, النظام, رقمي, جهات, السجل, القوائم, بياناتي, سجلاتكم',
    unsubscribe:
      'الغاء اشتراكي, الغاء الاشتراك, الغوا اشتراكي, الغ اشتراكي, الغي اشتراكي, الغاء الرسائل, الغاء اشتراك, اسحب موافقتي, سحب موافقتي, ايقاف الرسائل, الغاء التسجيل, اوقفوا الرسائل, الغو اشتراكي, إلغاء اشتراكي, إلغاء الاشتراك',
    wrong:
      'رقم خاطي, رقم خطا, الرقم خطا, الرقم غلط, رقم غلط, شخص خاطي, الرقم الخطا, لست انا, لست الشخص, مش انا, غلطان, غلطانين, اخطات الرقم, الشخص الخطا, رقم خاطئ, رقم خطأ, الرقم خطأ, الرقم الخطأ, الشخص الخطأ, الشخص الغلط, الرقم الغلط, النمره غلط, النمرة غلط, شخص خاطئ, الرقم خاطئ, أخطأت الرقم, اخطأت',
    leave:
      'اتركوني, اتركني, دعوني وشاني, سيبوني, سيبني, حلوا عني, حل عني, ابتعدوا عني, ابتعد عني, خلوني في حالي, سيبوني في حالي, دعني وشأني, دعوني وشأني, اتركوني وشأني, فكوني',
    threat:
      'سابلغ, سأبلغ, بلاغ, شكوي, شكوى, ساشتكي, سأشتكي, الشرطه, الشرطة, محامي, ساقاضيكم, سأقاضيكم, حظركم, حظر, بلوك, ابلاغ, قضية',
    keep: 'لا تتوقفوا, لا تتوقف, لا توقفوا, لا اريد الغاء, لا تلغوا, لا تحذفوا, لا تحذفوني, استمروا, لا تنسوا, لا تنسي, لا تنسى, لم تصل, لم تصلني, لم استلم, بالخطا, بالخطأ, بالغلط, لا تتردد, لا تترددوا, لا اريد الغاء الاشتراك, لا اريد التوقف, لا توقف, لا أريد إلغاء, لا أريد التوقف, لا اريد ان تتوقف',
    ordinary:
      'موعد, موعدي, حجز, حجزي, طلب, طلبي, رحله, رحلتي, اجتماع, محطه, فندق, تذكره, فاتوره, توصيل, طاوله, الساعه, الساعة, طلبيتي, رحلة, محطة, تذكرة, فاتورة, طاولة, المتجر, العياده, العيادة, البصل, التدخين',
  },
}

export const hebrew: Language = {
  code: 'he',
  optOut: [
    'הסר',
    'הסרה',
    'עצור',
    'הפסק',
    'די',
    'ביטול',
    'בטל',
    'להסיר',
    'הסירו',
    'תפסיקו',
    'הפסיקו',
    'סטופ',
    'הסירו אותי',
    'להפסיק',
  ],
  optIn: [],
  help: ['עזרה'],
  words: {
    stop: 'תפסיקו, תפסיק, הפסיקו, הפסק, תחדלו, די, להפסיק, מספיק, נא להפסיק, תפסיקי, דיי, בבקשה להפסיק',
    contact: 'לשלוח, לסמס, להטריד, להציק, לכתוב, לפנות, להתקשר, שליחת, לחפור',
    order: 'תשלחו, תשלח, לשלוח, תסמסו, תפנו, תכתבו, תטרידו, תתקשרו, תשלחי, שולחים, שלחו',
    message: 'הודעות, הודעה, סמס, מסרונים, sms, פרסומות, פרסום, ספאם, מסרים, סמסים',
    not: 'לא, אל, בלי, אין, אף פעם',
    more: 'יותר, שוב, עוד, לעולם',
    noMore: 'די, מספיק, לא עוד, בלי עוד',
    want: 'רוצה, מעוניין, מעוניינת, רוצים, מבקש, מאשר, צריך, צריכה, הסכמתי',
    receive: 'לקבל, קבלת',
    me: 'לי, אותי, המספר שלי, למספר, אלי, לנו, מספר הזה, למספר הזה',
    remove: 'הסירו, הסר, תסירו, תסיר, מחקו, תמחקו, תמחק, הוציאו, תוציאו, להסיר, למחוק, תורידו, הורידו',
    list: 'רשימה, מהרשימה, הרשימה, מאגר, מהמאגר, רשימת, רשימות, מרשימת, התפוצה',
    unsubscribe:
      'להסיר אותי, הסירו אותי, תסירו אותי, ביטול מנוי, לבטל מנוי, בטלו את המנוי, הסר אותי, להסרה, תמחקו אותי, ביטול הרשמה',
    wrong:
      'מספר שגוי, טעות במספר, טעיתם במספר, לא המספר, אדם לא נכון, מספר לא נכון, זה לא אני, טעית במספר, האדם הלא נכון',
    leave: 'תעזבו אותי, עזבו אותי, תעזוב אותי, עזוב אותי, תניחו לי, לכו לעזאזל',
    threat: 'אתבע, תביעה, תלונה, אדווח, משטרה, עורך דין, אחסום, חסמתי',
    keep: 'אל תפסיקו, אל תפסיק, לא רוצה להפסיק, לא רוצה להסיר, אל תסירו, תמשיכו, אל תשכחו, לא קיבלתי, בטעות',
    ordinary: 'תור, הזמנה, הזמנות, טיסה, פגישה, תחנה, מלון, כרטיס, משלוח, שולחן',
  },
}

export const hindi: Language = {
  code: 'hi',
  optOut: [
    'रोको',
    'बंद',
    'बंद करो',
    'बंद करें',
    'रुको',
    'रोकें',
    'BAND',
    'BAND KARO',
    'ROKO',
    'स्टॉप',
    'हटाओ',
    'समाप्त',
    'रद्द',
    'RUKO',
    'रद्द करें',
    'बन्द',
    'बन्द करो',
    'BAND KARE',
    'BAND KAREN',
    'रोकिए',
    'बस',
    'रद्द करो',
    'हटाएं',
    'BANDH KARO',
    'ROKIYE',
    'सदस्यता समाप्त',
  ],
  optIn: ['शुरू', 'SHURU'],
  help: ['मदद', 'सहायता', 'MADAD', 'SAHAYATA'],
  words: {
    stop: 'बंद, बन्द, बंद करो, बंद करें, बंद कीजिए, बंद कर दो, रोको, रोकें, रोकिए, रोक दो, band karo, band kar do, band kare, band karen, band kijiye, band kro, bandh karo, band kardo, band karie, band karna, roko, rok do, rokiye, bnd kro, bnd karo, band kr do, band kar dijiye, bas karo, बस करो, stop karo, stop kro, rok dijiye, bandh kar do, bnd krdo, band krdo',
    contact:
      'भेजना, भेजने, मैसेज करना, bhejna, bhejne, message karna, msg karna, pareshan, परेशान, तंग, tang, sampark, संपर्क, sms karna, bhejte, भेजते',
    order:
      'bhejo, bhejna, bheje, bhejiye, bhejen, karo, karna, kare, kijiye, karen, भेजो, भेजना, भेजें, भेजिए, भेजे, करो, करना, करें, कीजिए, kro, krna, bhejo na, bhejiyega, bhejna mujhe, दो, do, dijiye, bhej',
    message:
      'message, messages, msg, msgs, sms, मैसेज, मेसेज, संदेश, सन्देश, एसएमएस, विज्ञापन, sandesh, ads, mesej, massage, massages, promotion, offer, offers, notification, ऑफर',
    not: 'मत, ना, न, नहीं, mat, na, nahi, nahin, nhi, mt, naa, nai',
    more: 'अब, आगे, फिर, दोबारा, और, ab, aage, phir, fir, dobara, aur, dubara, kabhi, कभी, aage se, ab se, abse',
    noMore: 'अब और नहीं, ab aur nahi, bas, बस, aur nahi',
    want: 'चाहिए, चाहता, चाहती, chahiye, chahta, chahti, chahie, chaiye, chahte, चाहते, jarurat, zaroorat, जरूरत, interest, interested, चाहिये',
    receive: 'पाना, प्राप्त, लेना, prapt, lena, milna, paana',
    me: 'मुझे, मुझको, मेरा नंबर, मेरे नंबर, मेरे, mujhe, muje, mujhko, mera number, mere number, is number, hame, हमें, इस नंबर, mera no, mere no, mereko, mujhse, मेरा, mera, mere, hume, humko',
    remove:
      'हटाओ, हटा, हटाएं, हटाइए, निकालो, निकाल, hatao, hata, hataye, hataiye, nikalo, nikal, nikaal, hatado, delete, remove, डिलीट, मिटा, mita, hatayen',
    list: 'सूची, लिस्ट, list, suchi, database, group, नंबर, number, डेटाबेस, se hata',
    unsubscribe:
      'unsubscribe karo, unsubscribe kar do, सदस्यता रद्द, सदस्यता समाप्त, अनसब्सक्राइब, subscription band, subscription cancel, sadasyata, dnd',
    wrong:
      'गलत नंबर, galat number, galat no, wrong number hai, गलत नम्बर, गलत आदमी, galat aadmi, main nahi hu, galat insaan, गलत व्यक्ति',
    leave:
      'परेशान मत, pareshan mat, परेशान ना, pareshan na, तंग मत, tang mat, पीछा छोड़, pichha chhod, peecha chhodo, pareshaan mat, dimag mat, chhod do mujhe',
    threat:
      'शिकायत कर, shikayat kar, complaint kar, पुलिस, police me, police mein, trai, block kar, ब्लॉक कर, report kar, रिपोर्ट कर, case kar, केस कर',
    keep: 'बंद मत, band mat, band na, बंद ना, मत रोको, mat roko, rokna mat, roko mat, रोको मत, भूलना मत, bhulna mat, mat bhulna, मत भूलना, bhejte raho, भेजते रहो, nahi mila, नहीं मिला, nahi aaya, नहीं आया, galti se, गलती से, hatao mat, mat hatao, हटाओ मत, मत हटाओ, bhejte rahiye, भेजते रहिए, भेजते रहें, band nahi, बंद नहीं, pareshan mat ho, परेशान मत हो, chinta mat, चिंता मत, unsubscribe nahi, bhoolna, भूलना',
    ordinary:
      'अपॉइंटमेंट, appointment, order, ऑर्डर, booking, बुकिंग, टिकट, ticket, flight, meeting, मीटिंग, बस स्टॉप, bus stop, होटल, hotel, dukan, दुकान, delivery, डिलीवरी, बजे, baje, pyaz, प्याज, train, ट्रेन, gym, doctor, address, photo, फोटो, पता',
  },
}

export const vietnamese: Language = {
  code: 'vi',
  optOut: [
    'DỪNG',
    'DỪNG LẠI',
    'HỦY',
    'HUỶ',
    'NGỪNG',
    'TỪ CHỐI',
    'TC',
    'HỦY ĐĂNG KÝ',
    'HUỶ ĐĂNG KÝ',
    'KẾT THÚC',
    'THOÁT',
    'CHẤM DỨT',
    'NGƯNG',
    'BỎ ĐĂNG KÝ',
    'DỪNG TIN NHẮN',
    'HỦY BỎ',
    'THÔI',
    'HỦY NHẬN TIN',
  ],
  optIn: ['BẮT ĐẦU', 'TIẾP TỤC'],
  help: ['TRỢ GIÚP', 'GIÚP ĐỠ', 'GIÚP'],
  words: {
    stop: 'dung, dung lai, ngung, ngung lai, cham dut, thoi, ngung viec, dung viec, lam on dung, xin dung, vui long dung, ngung ngay, dung ngay, stop',
    contact: 'gui, nhan tin, lien lac, lien he, lam phien, goi, quay ray, nhan, quay roi, gui cho, spam',
    order: 'gui, nhan tin, lien lac, lien he, lam phien, goi, quay ray, quay roi, nhan, spam',
    message: 'tin nhan, tin, sms, quang cao, thong bao, khuyen mai, tin rac, tin quang cao, spam',
    not: 'dung, khong, ko, k, khong muon, chang, hong, chua bao gio, cho co, khong can, kg, hok',
    more: 'nua, them, lai, tiep, them nua, bao gio nua',
    noMore: 'khong them, du roi, het tin, khong con',
    want: 'muon, can, thich, dong y, quan tam, co nhu cau, yeu cau, dang ky nhan, mong',
    receive: 'nhan, nhan duoc, nhan tin, bi lam phien',
    me: 'toi, minh, so cua toi, so nay, so dien thoai, cho toi, em, chung toi, tui, so dt, so toi, may toi, tao',
    remove: 'xoa, loai bo, bo, go, xoa bo, loai, xoa so, go bo',
    list: 'danh sach, du lieu, he thong, danh ba, co so du lieu, list, so cua toi, so toi, so dien thoai',
    unsubscribe:
      'huy dang ky, bo dang ky, huy nhan tin, tu choi nhan, huy theo doi, huy dich vu tin nhan, tu choi quang cao, rut lai su dong y, huy nhan, ngung nhan, dung nhan tin, khong dang ky',
    cancel: 'huy, huy bo, tat, chan',
    wrong:
      'nham so, sai so, nham nguoi, gui nham, khong phai toi, sai nguoi, so sai, nhan nham, lon so, nham so roi, gui sai, khong phai la toi, goi nham',
    leave:
      'de toi yen, tha cho toi, dung lam phien, bien di, cut di, dung quay ray, de cho toi yen, de minh yen, buong tha',
    threat: 'bao cao, to cao, kien, khieu nai, cong an, chan so, bao canh sat, chan ban, luat su, se chan',
    keep: 'dung dung, dung ngung, dung huy, khong muon huy, khong muon dung, khong muon ngung, tiep tuc gui, hay tiep tuc, cu gui, dung quen, khong nhan duoc, chua nhan duoc, vo tinh, dung ngai, khong the, dung xoa, dung lo, khong muon bo lo, nho nhan tin, dung bo',
    ordinary:
      'lich hen, cuoc hen, dat cho, dat ban, don hang, chuyen bay, cuoc hop, tram, ben xe, khach san, ve xem, hoa don, giao hang, gio hang, danh sach mua, hanh, xe buyt, tram dung, thuoc la, hut thuoc, kham, bac si, phong tap, dat phong, goi hang, hop dong, luc, gio, don dat, lich kham, don',
  },
}

export const tagalog: Language = {
  code: 'tl',
  optOut: [
    'ITIGIL',
    'TIGIL',
    'IHINTO',
    'HINTO',
    'TAMA NA',
    'AYAW',
    'KANSEL',
    'KANSELAHIN',
    'AYOKO NA',
    'TIGIL NA',
    'ITIGIL NA',
    'HUMINTO',
    'TUMIGIL',
    'AYAW KO NA',
    'TANGGAL',
    'ALIS',
    'TAPOS',
    'ALISIN',
  ],
  optIn: ['SIMULAN', 'MAGSIMULA'],
  help: ['TULONG'],
  words: {
    stop: 'itigil, tigil, tigilan, ihinto, hinto, tama na, tumigil, tigilan nyo, tigilan niyo, huwag na, wag na, wag na kayo, wag nyo na, wag niyo na, huwag nyo na, huwag ninyo na, huwag ninyo, wag mo na, wag na kayong, huwag na kayong, stop na, stop nyo na, huwag mo na, huminto, wag, huwag, itigil nyo',
    contact:
      'magtext, mag text, magpadala, pagpapadala, pagtext, pag text, pagtetext, kontakin, kontak, i text, itext, text, istorbo, istorbohin, abala, abalahin, padala, padalhan, pinapadala, mensahe, guluhin, message, messagehin, tawagan, tumawag, magmessage, mag message, pagsend, magsend, mag send, i message, i contact, icontact, pagmemessage, nagtetext, nagpapadala',
    order:
      'magtext, mag text, magpadala, i text, itext, text, kontakin, istorbohin, abalahin, padalhan, guluhin, message, magmessage, mag message, tawagan, magsend, mag send, i message, i contact, tumawag, text nang text',
    message:
      'text, texts, mensahe, message, messages, sms, txt, notification, notifications, patalastas, promo, promos, spam, ads, mga text, mga mensahe, pagtext',
    not: 'ayaw, ayoko, huwag, wag, hindi, di, ayaw ko, ayaw namin, hinding hindi, hindi na',
    more: 'na, pa, muli, ulit, na ulit, kahit kailan, uli',
    noMore: 'wala nang, ayoko na, ayaw ko na, tama na, sawa na, wala ng, tama na ang',
    want: 'ayaw, ayoko, gusto, interesado, ayaw ko, ayaw namin, kailangan, pumayag, humingi, sawa na',
    receive:
      'tumanggap, makatanggap, matanggap, makareceive, mareceive, maka receive, ma receive, nakakatanggap',
    me: 'ako, sa akin, sakin, ko, number ko, numero ko, aking numero, numerong ito, amin, kami, akin, number na to, number na ito, akong, sa number',
    remove:
      'alisin, tanggalin, burahin, i delete, idelete, tanggal, alisin nyo, tanggalin nyo, paki alis, pakialis, paki tanggal, pakitanggal, pakibura, paki delete, pakidelete, i remove, iremove, paki remove, pakiremove, tanggalin mo, burahin nyo, paki bura, alisin mo, remove nyo',
    list: 'listahan, lista, list, database, sistema, system, number ko, numero ko, contacts, talaan, number',
    unsubscribe:
      'mag unsubscribe, magunsubscribe, i unsubscribe, iunsubscribe, paki unsubscribe, pakiunsubscribe, unsubscribe na, unsubscribe nyo, unsubscribe ako, ayoko nang maka, ayaw ko nang maka, ayoko na maka, ayaw ko na maka, ayoko nang tumanggap, ayaw ko nang tumanggap, kanselahin ang subscription, opt out na, binabawi ko ang pahintulot',
    cancel: 'kanselahin, i cancel, icancel, itigil, paki cancel, patayin, i block',
    wrong:
      'maling numero, maling number, wrong number po, mali ang number, mali ang numero, maling tao, maling tao po, hindi ako yan, hindi ako yun, mali po ang number, mali yung number, hindi ako si, mali po number, mali number, hindi na kay, mali kayo ng number, mali po kayo, hindi ito number ni, hindi po ako si',
    leave:
      'tigilan nyo na ko, tigilan nyo na ako, tigilan nyo ko, tigilan niyo na ko, tigilan niyo na ako, tigilan mo na ko, tigilan mo na ako, tantanan nyo, tantanan niyo, tantanan mo, lubayan nyo ako, lubayan niyo ako, lubayan mo ako, tantanan nyo ako, tantanan niyo ako, tantanan mo ako, layuan, wag nyo akong guluhin, huwag nyo akong guluhin, wag nyo akong istorbohin, kalimutan nyo, pabayaan nyo ako, hayaan nyo ako',
    threat:
      'irereport ko, i report, ireport ko, irereport, isusumbong, idedemanda, ntc, pulis, iblock ko, i block ko, blinock, abogado, nireport ko, i rereport, magrereklamo, bblock ko',
    keep: 'wag titigil, huwag titigil, wag itigil, huwag itigil, wag kayong titigil, huwag kayong titigil, wag tumigil, huwag tumigil, wag ihinto, huwag ihinto, ituloy, tuloy lang, wag kalimutan, huwag kalimutan, wag mong kalimutan, hindi ko natanggap, di ko natanggap, wala pa akong natanggap, hindi sinasadya, ayaw kong mag unsubscribe, ayokong mag unsubscribe, wag nyo akong alisin, huwag nyo akong alisin, wag nyo akong tanggalin, huwag nyo akong tanggalin, ayokong tumigil, ayaw kong itigil, ayokong itigil, wag mag atubili, huwag mag atubili, wag mag alala, huwag mag alala, wag alisin, huwag alisin, wag tanggalin, huwag tanggalin, huwag mahiya, ayaw kong mahinto, ayokong matigil',
    ordinary:
      'appointment, order, booking, flight, meeting, bus stop, hotel, ticket, reserbasyon, delivery, mesa, sibuyas, klase, tindahan, oras, alas, sigarilyo, doktor, gym, address, picture, palengke, paninigarilyo, yosi, checkup, bus',
  },
}

export const indonesian: Language = {
  code: 'id',
  optOut: ['BERHENTI', 'HENTIKAN', 'BATAL', 'BATALKAN', 'SETOP', 'UNREG', 'KELUAR', 'STOP SMS'],
  optIn: [],
  help: ['BANTUAN', 'TOLONG'],
  words: {
    stop: 'berhenti, hentikan, jangan, stop, tolong berhenti, mohon hentikan, cukup',
    contact:
      'kirim, mengirim, kirimi, mengirimi, hubungi, menghubungi, ganggu, mengganggu, sms, kirimkan, pengiriman, mengirimkan, telepon',
    order:
      'kirim, mengirim, kirimi, mengirimi, hubungi, menghubungi, ganggu, mengganggu, kirimkan, mengirimkan, sms',
    message: 'pesan, sms, iklan, promosi, promo, notifikasi, spam, pesan pesan',
    not: 'jangan, tidak, tak, gak, nggak, ga, enggak, tdk',
    more: 'lagi, terus',
    want: 'mau, ingin, berminat, tertarik, butuh, setuju, menginginkan',
    receive: 'menerima, terima, dapat, dikirimi, dihubungi',
    me: 'saya, aku, nomor saya, nomor ini, kami, ke saya',
    remove: 'hapus, keluarkan, hilangkan, hapuskan',
    list: 'daftar, database, sistem, kontak, nomor saya, data',
    unsubscribe: 'berhenti berlangganan, batalkan langganan, stop langganan, berhenti langganan',
    wrong: 'salah nomor, nomor salah, salah orang, salah sambung, bukan nomor',
    leave: 'jangan ganggu saya, jangan ganggu, jangan mengganggu, biarkan saya',
    threat: 'laporkan, lapor polisi, blokir',
    keep: 'jangan berhenti, jangan hentikan, tidak mau berhenti, tidak ingin berhenti, jangan hapus, jangan lupa, jangan ragu, terus kirim, tidak menerima pesan dari',
    ordinary:
      'janji, pesanan, reservasi, penerbangan, rapat, halte, hotel, tiket, meja, bawang, kelas, merokok, jam, paket',
  },
}

export const haitian: Language = {
  code: 'ht',
  optOut: [
    'SISPANN',
    'RETE',
    'SISPANN VOYE',
    'ANILE',
    'FINI',
    'KANPE',
    'DEZABONE',
    'DEZENSKRI',
    'SISPANN MESAJ',
    'ARETE',
    'SOTI',
    'ELIMINE',
    'RETIRE',
    'BASTA',
    'MWEN PA VLE ANKÒ',
    'KITE',
    'SISPANN TOUT',
  ],
  optIn: ['KÒMANSE', 'REKÒMANSE'],
  help: ['ÈD', 'EDE', 'EDE M'],
  words: {
    stop: 'sispann, rete, arete, kanpe, ase, sispan, fini ak, kite, stop, bouke ak, pa, pinga, piga',
    contact: 'voye, ekri, kontakte, rele, anmede, nwi, deranje, texte, tekste, tekse, mesaj, agase',
    order: 'voye, ekri, kontakte, rele, anmede, deranje, tekste, texte, tekse, voye ban, agase',
    message: 'mesaj, tèks, teks, sms, notifikasyon, piblisite, reklam, pwomosyon, tekst, spam, mesay',
    not: 'pa, pinga, piga, pap, p ap, janm, pa janm, okenn',
    more: 'anko, ankò, plis, jamè, jame, lot, lòt',
    noMore: 'ase mesaj, ase ak, pa gen lot, pa gen anko, fini ak',
    want: 'vle, bezwen, enterese, dako, mande, swete, renmen',
    receive: 'resevwa, jwenn, pran',
    me: 'm, mwen, nimewo m, nimewo mwen, nimewo sa a, nou, nimewo sa, ban m, ban mwen, telefon mwen, telefon m, nimewo',
    remove: 'retire, wete, efase, elimine, wetem, retirem, siprime',
    list: 'lis, lis la, baz done, sistem, lis nou, kontak, lis ou, lis nou an, lis ou a, done',
    unsubscribe:
      'dezabon*, dezenskri*, anile abonman, retire non mwen, retire non m, wete non mwen, wete non m, wete m nan, wete mwen nan, retire m nan, retire mwen nan, wete nimewo, retire nimewo, efase nimewo, anile enskripsyon',
    cancel: 'anile, bloke, etenn, femen',
    wrong:
      'move nimewo, nimewo a pa bon, ou twonpe, se pa mwen, move moun, nou twonpe, twonpe nimewo, pa bon nimewo, nimewo sa pa pou, se pa nimewo, pa nimewo, nou gen move, ou gen move, mal nimewo',
    leave:
      'kite m trankil, kite mwen trankil, ban m lape, ban mwen lape, lese m trankil, lese mwen trankil, bliye nimewo, kite m anpe, kite m an repo, ale fe wout ou',
    threat:
      'rapote nou, rapote w, pote plent, lapolis, avoka, bloke nou, bloke w, m ap rapote, mwen pral rapote, m ap bloke, lajistis',
    keep: 'pa sispann, pa rete, pa janm sispann, pa vle sispann, pa vle dezabone, pa retire m, pa wete m, pa retire mwen, pa wete mwen, kontinye, pa bliye, mwen pa resevwa, m pa resevwa, m poko resevwa, poko resevwa, pa aksidan, pa ere, pa ezite, pa anile, pa efase, pa kapab, pa ka',
    ordinary:
      'randevou, rezevasyon, komand, komann, vol, vwayaj, reyinyon, estasyon, otel, tikè, livrezon, tab, zonyon, kou, le, magazen, bis, estop bis, dokte, biye, machin, lekol, fimen, sigaret, fot, akoz',
  },
}
