interface State {
  /** All IANA zones in use in the state. */
  readonly zones: readonly string[]
  /** Ranges of the first three digits of ZIP codes (USPS L002). */
  readonly zips: string
  /** Geographic area codes (NANPA). */
  readonly areaCodes: string
}

const eastern = 'America/New_York'
const central = 'America/Chicago'
const mountain = 'America/Denver'
const pacific = 'America/Los_Angeles'
const arizona = 'America/Phoenix'

/** By ISO 3166-2. A code that is missing here leaves the state unknown, which is read strictest. */
export const usStates: Readonly<Record<string, State>> = {
  'US-AL': state([central], '350-369', '205 251 256 334 659 938'),
  'US-AK': state(['America/Anchorage', 'America/Adak'], '995-999', '907'),
  'US-AZ': state([arizona, mountain], '850-865', '480 520 602 623 928'),
  'US-AR': state([central], '716-729', '327 479 501 870'),
  'US-CA': state(
    [pacific],
    '900-961',
    '209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 747 760 805 818 820 831 837 840 858 909 916 925 949 951',
  ),
  'US-CO': state([mountain], '800-816', '303 719 720 970 983'),
  'US-CT': state([eastern], '060-062 064-069', '203 475 860 959'),
  'US-DE': state([eastern], '197-199', '302'),
  'US-DC': state([eastern], '200 202-205', '202 771'),
  'US-FL': state(
    [eastern, central],
    '320-339 341-342 344 346-347 349',
    '239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954',
  ),
  'US-GA': state([eastern], '300-319 398-399', '229 404 470 478 678 706 762 770 912 943'),
  'US-HI': state(['Pacific/Honolulu'], '967-968', '808'),
  'US-ID': state([mountain, pacific], '832-838', '208 986'),
  'US-IL': state(
    [central],
    '600-620 622-629',
    '217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872',
  ),
  'US-IN': state([eastern, central], '460-479', '219 260 317 463 574 765 812 930'),
  'US-IA': state([central], '500-516 520-528', '319 515 563 641 712'),
  'US-KS': state([central, mountain], '660-662 664-679', '316 620 785 913'),
  'US-KY': state([eastern, central], '400-418 420-427', '270 364 502 606 859'),
  'US-LA': state([central], '700-701 703-708 710-714', '225 318 337 504 985'),
  'US-ME': state([eastern], '039-049', '207'),
  'US-MD': state([eastern], '206-212 214-219', '227 240 301 410 443 667'),
  'US-MA': state([eastern], '010-027', '339 351 413 508 617 774 781 857 978'),
  'US-MI': state([eastern, central], '480-499', '231 248 269 313 517 586 616 679 734 810 906 947 989'),
  'US-MN': state([central], '550-551 553-567', '218 320 507 612 651 763 924 952'),
  'US-MS': state([central], '386-397', '228 471 601 662 769'),
  'US-MO': state([central], '630-631 633-641 644-658', '235 314 417 557 573 636 660 816 975'),
  'US-MT': state([mountain], '590-599', '406'),
  'US-NE': state([central, mountain], '680-681 683-693', '308 402 531'),
  'US-NV': state([pacific, mountain], '889-891 893-895 897-898', '702 725 775'),
  'US-NH': state([eastern], '030-038', '603'),
  'US-NJ': state([eastern], '070-089', '201 551 609 640 732 848 856 862 908 973'),
  'US-NM': state([mountain], '870-871 873-875 877-884', '505 575'),
  'US-NY': state(
    [eastern],
    '100-149',
    '212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934',
  ),
  'US-NC': state([eastern], '270-289', '252 336 472 704 743 828 910 919 980 984'),
  'US-ND': state([central, mountain], '580-588', '701'),
  'US-OH': state([eastern], '430-459', '216 220 234 283 326 330 380 419 436 440 513 567 614 740 937'),
  'US-OK': state([central, mountain], '730-731 734-741 743-749', '405 539 572 580 918'),
  'US-OR': state([pacific, mountain], '970-979', '458 503 541 971'),
  'US-PA': state([eastern], '150-196', '215 223 267 272 412 445 484 570 582 610 717 724 814 835 878'),
  'US-RI': state([eastern], '028-029', '401'),
  'US-SC': state([eastern], '290-299', '803 821 839 843 854 864'),
  'US-SD': state([central, mountain], '570-577', '605'),
  'US-TN': state([eastern, central], '370-385', '423 615 629 731 865 901 931'),
  'US-TX': state(
    [central, mountain],
    '733 750-799 885',
    '210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979',
  ),
  'US-UT': state([mountain], '840-847', '385 435 801'),
  'US-VT': state([eastern], '050-054 056-059', '802'),
  'US-VA': state([eastern], '201 220-246', '276 434 540 571 686 703 757 804 826 948'),
  'US-WA': state([pacific], '980-986 988-994', '206 253 360 425 509 564'),
  'US-WV': state([eastern], '247-268', '304 681'),
  'US-WI': state([central], '530-532 534-535 537-549', '262 274 353 414 534 608 715 920'),
  'US-WY': state([mountain], '820-831', '307'),
  'US-PR': state(['America/Puerto_Rico'], '006-007 009', '787 939'),
  'US-VI': state(['America/St_Thomas'], '008', '340'),
  'US-GU': state(['Pacific/Guam'], '969', '671'),
  'US-MP': state(['Pacific/Saipan', 'Pacific/Guam'], '969', '670'),
  'US-AS': state(['Pacific/Pago_Pago', 'Pacific/Honolulu'], '967', '684'),
}

/** Area codes of +1 that belong to other countries (NANPA): no rule of the United States reads them. */
export const foreignAreaCodes: ReadonlySet<string> = new Set(
  (
    '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 ' +
    '506 514 519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 851 867 ' +
    '873 879 902 905 942 ' +
    '242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876'
  ).split(' '),
)

function state(zones: readonly string[], zips: string, areaCodes: string): State {
  return { zones, zips, areaCodes }
}
