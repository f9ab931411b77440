@echo off
rem 双击即可：首次运行安装依赖，之后直接打开仪表盘。
chcp 65001 >nul
cd /d "%~dp0"
where py >nul 2>nul && (py -3 start.py & goto end)
where python >nul 2>nul && (python start.py & goto end)
echo 没有找到 Python。请先安装 Python 3.11 至 3.13，安装时勾选“Add python.exe to PATH”。
:end
pause
