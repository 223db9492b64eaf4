"""Words that passwords are made of again and again: from published lists of stolen passwords, and what
people in Chinese offices take. In lower case; `duban.guessing` finds them inside a password, with digits
put for letters or beside them, so that each line stands for some ten thousand passwords."""

_EVERYWHERE = """
password passwd passw pass word admin administrator root user guest test tester demo default manager
master system server service support welcome hello login logon access account secret private security
letmein changeme change iloveyou love lovely princess dragon monkey sunshine shadow superman batman
football baseball basketball soccer hockey michael jordan jennifer jessica ashley daniel charlie thomas
robert andrew joshua matthew freedom whatever trustno trust starwars pokemon computer internet samsung
apple google microsoft windows office excel oracle mysql linux ubuntu cisco huawei lenovo summer winter
spring autumn flower cookie cheese pepper banana orange chocolate killer hunter ranger tigger buster
mustang harley ferrari yankee cowboy angel baby babygirl diamond golden silver purple yellow qazwsx
asdf zxcv qwert qwerty qwertyuiop asdfgh zxcvbn zxcvbnm qweasd qweasdzxc qazwsxedc abcd abc aabbcc
one two three four five six seven eight nine ten january february march april june july august september
october november december monday tuesday wednesday thursday friday saturday sunday china beijing shanghai
"""
_CHINESE = """
woaini woaiwojia woaiwo woai aini aiwo wo ai ni wode mima mimashi mimamima wangjile yonghu guanli
guanliyuan houtai nihao nihaoma zhongguo zhonghua renmin zhengfu zhengfuban bangong bangongshi dangwei
weiban shiwei quwei xianwei gangyao gangyaoban duban kexie shuili jiaoyu weisheng huanbao minzheng
caizheng kejiju kejiao kepu beijing shanghai guangzhou shenzhen chongqing tianjin chengdu wuhan nanjing
hangzhou sichuan guangdong zhejiang jiangsu shandong henan hebei hunan hubei gongzuo danwei xuexi
tiantian xiangshang kuaile xingfu pingan jiankang facai gongxi shengri wangzhe rongyao taobao zhifubao
weixin alibaba tencent baidu xiaomi laopo laogong baobao baobei mama baba gege jiejie didi meimei
asd qwe zxc qaz wsx edc rfv tgb aini wangwei zhangwei liwei wangfang lina zhangli wangli zhang wang
li liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng
dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang cai jia ding wei xue ye yan yu pan du dai xia
zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng
long wan duan lei qian yin yi chang wu qiao lai gong wen
"""
_NUMBERS = """
1314 520 521 5201314 1314520 5211314 888 8888 666 6666 999 168 1688 518 147258 147258369 159357 159753
741852963 789456123 123321 112233 121212 131313 123123 111222 1qaz 2wsx 3edc 4rfv 1qaz2wsx 1q2w3e
1q2w3e4r 1q2w3e4r5t q1w2e3r4 qwe123 zaq1 zaq12wsx 1qazxsw2 a1b2c3 a1b2c3d4 abc123 p@ssw0rd admin123
"""
COMMON = frozenset(f"{_EVERYWHERE} {_CHINESE} {_NUMBERS}".split())
