// Written by `python -m api.renew.script_tables`: the sentences of api/certificates/wording.toml.
export default {
 "zh-Hans": {
  "title": "志愿服务记录证明",
  "description": "由记录单位依据其记录出具。信用时数由打卡产生，荣誉时数由组织补录，二者不得相加。",
  "criteria": "每一项对应账本中由记录单位签名的一条记录。签名有效不等于证实本人到场服务。",
  "credit": "信用时数（分钟）",
  "honour": "荣誉时数（分钟）"
 },
 "zh-Hant": {
  "title": "志願服務記錄證明",
  "description": "由記錄單位依據其記錄出具。信用時數由打卡產生，榮譽時數由組織補錄，二者不得相加。",
  "criteria": "每一項對應帳本中由記錄單位簽名的一條記錄。簽名有效不等於證實本人到場服務。",
  "credit": "信用時數（分鐘）",
  "honour": "榮譽時數（分鐘）"
 },
 "en": {
  "title": "Certificate of volunteer service",
  "description": "Issued by the recording unit from its records. Credit hours come from clocking in and out, honour hours were entered afterwards; they are never added up.",
  "criteria": "Each item is a record of the ledger, signed by the recording unit. A valid signature does not prove that the person served.",
  "credit": "Credit hours (minutes)",
  "honour": "Honour hours (minutes)"
 }
};
