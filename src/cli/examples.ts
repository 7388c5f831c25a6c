/** examples: below the help of a command of the queue, as they are typed. Words in capitals are to be replaced. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  tasks: [
    'tuban tasks list --mine --as li',
    'tuban tasks claim --batch 8 --as li',
    'tuban tasks submit TASK --form finding.json --as li',
    'tuban tasks review TASK --as suo',
  ],
  'tasks list': [
    'tuban tasks list --quarter 2026Q3',
    'tuban tasks list --overdue --area 东镇 --as du',
    'tuban tasks list --state submitted returned --json --as du',
  ],
  'tasks export': [
    'tuban tasks export tasks.gpkg',
    'tuban tasks export sheets.pdf --as li',
    'tuban tasks export forms.xlsx --quarter 2026Q3 --as li',
  ],
  'tasks read-back': ['tuban tasks read-back forms.xlsx --dry-run --as li', 'tuban tasks read-back forms.xlsx --as li'],
  'tasks claim': ['tuban tasks claim TASK --as li', 'tuban tasks claim --batch 8 --area 东镇 --as li'],
  'tasks assign': [
    'tuban tasks assign TASK TASK --to li --as fen',
    'tuban tasks assign TASK --team 一队 --as fen',
    'tuban tasks assign --auto --as fen',
  ],
  'tasks submit': [
    'tuban tasks finding TASK --schema --as li',
    'tuban tasks finding TASK --form finding.json --as li',
    'tuban tasks submit TASK --form finding.json --as li',
  ],
  'tasks return': ['tuban tasks return TASK --reason 照片不清 --until 2026-12-31 --as suo'],
  'tasks review': ['tuban tasks review --as suo', 'tuban tasks review TASK --verdict verdicts.json --as suo'],
  'tasks attach': ['tuban tasks attach TASK IMG_1.jpg IMG_2.jpg --as li'],
  'tasks report': [
    'tuban tasks report --quarter 2026Q3 --outline pit.geojson --note 山坡上有新挖的坑 --as li',
    'tuban tasks report --quarter 2026Q3 --point 118.0213,36.0177,2500 --note 路边见运矿车 --as li',
  ],
  'tasks split': ['tuban tasks split TASK --parts parts.geojson --reason 两处采坑 --as fen'],
  'tasks merge': ['tuban tasks merge TASK TASK --reason 同一采坑 --as fen'],
  'rounds plan': [
    'tuban rounds plan --from 118.15,36.18 --hours 6 --as li',
    'tuban rounds plan --from 118.15,36.18 --hours 6 --team 一队 --sealed --as fen',
  ],
  'user add': [
    'tuban user add zhang --name 张三 --role administrator',
    'tuban user add suo --name 所长王 --role reviewer --level station --area 东镇 --as zhang',
  ],
  'user password': ['tuban user password zhang', 'tuban user password zhang --file FILE'],
  'token add': ['tuban token add li --name 汇总 --scope tasks.read --days 90 --out token.txt'],
  'codes export': ['tuban codes export codes.xlsx --as zhang'],
  'codes import': ['tuban codes import codes.xlsx --note 增加矿种 --as zhang'],
  'calendar import': ['tuban calendar import 2027.csv --source 国办发明电〔2026〕9号 --as zhang'],
  'notices send': ['*/5 * * * * cd /srv/tuban && npx tuban -C /data/county notices send'],
  'supervision draw': ['tuban supervision draw --quarter 2026Q3 --count 10 --for wang --as du'],
  'audit verify': ['tuban audit verify --head SEQ:HASH', 'tuban audit verify --file EXPORT.jsonl'],
  'audit list': ['tuban audit list --person li --action task --since 2026-11-01'],
  'learn propose': [
    'tuban learn propose learned.yaml',
    'tuban rules preview learned.yaml',
    'tuban rules adopt learned.yaml --by 张三 --note 按认定调整',
  ],
};
