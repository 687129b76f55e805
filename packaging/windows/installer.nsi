; The installer, per user and without administrator's rights.
; makensis -DTREE=folder -DVERSION=1.2.3 -DKIB=size -DTARGET=file [-DFAST] installer.nsi
Unicode true
Target amd64-unicode
!ifdef FAST
SetCompressor zlib
!else
SetCompressor /SOLID lzma
SetCompressorDictSize 64
!endif
SetDateSave off
ManifestDPIAware true
RequestExecutionLevel user
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define TITLE "申报装订"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\sjs-forms"
!define START '"$INSTDIR\python\pythonw.exe"'

Name "${TITLE}"
BrandingText "sjs-forms ${VERSION}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\sjs-forms"
ShowInstDetails nevershow
ShowUninstDetails nevershow

!define MUI_ICON "${TREE}\图标.ico"
!define MUI_UNICON "${TREE}\图标.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装${TITLE}"
!define MUI_WELCOMEPAGE_TEXT "在浏览器里填写申报表、放入材料，生成可以付印的装订版。$\r$\n$\r$\n只装给当前用户，不需要管理员权限，约占 ${MEGA} MB。$\r$\n$\r$\n点“安装”开始。"
!define MUI_FINISHPAGE_TITLE "装好了"
!define MUI_FINISHPAGE_TEXT "桌面和开始菜单里的“${TITLE}”都能打开它。把申报文件夹拖到图标上，直接打开这一份。"
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${TITLE}"
!define MUI_FINISHPAGE_RUN_FUNCTION OpenIt
!define MUI_WELCOMEPAGE_BUTTON "安装"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "${TITLE}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "${TITLE}安装程序"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" ""

; A running program holds python.exe open, so that it cannot be renamed.
!macro CloseFirst un
Function ${un}CloseFirst
  again:
  IfFileExists "$INSTDIR\python\pythonw.exe" 0 done
  ClearErrors
  Rename "$INSTDIR\python\pythonw.exe" "$INSTDIR\python\pythonw.old"
  IfErrors 0 free
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${TITLE}正开着。请在它的页面上点“退出”，再点“重试”。" /SD IDCANCEL IDRETRY again
  SetErrorLevel 2
  Abort
  free:
  Rename "$INSTDIR\python\pythonw.old" "$INSTDIR\python\pythonw.exe"
  done:
FunctionEnd
!macroend
!insertmacro CloseFirst ""
!insertmacro CloseFirst "un."

Function OpenIt
  SetOutPath "$DOCUMENTS"
  Exec '${START} -m sjs_forms web'
FunctionEnd

Section "install"
  Call CloseFirst
  RMDir /r "$INSTDIR\python"
  SetOutPath "$INSTDIR"
  File /r "${TREE}\*"
  ; Compiled here, or the first start would do it: that takes several times as long as any other.
  DetailPrint "正在准备，请稍候……"
  ExecWait '${START} -m compileall -qq "$INSTDIR\python\Lib\site-packages"'
  WriteUninstaller "$INSTDIR\卸载.exe"
  SetOutPath "$DOCUMENTS" ; the folder in which the shortcuts start
  CreateShortCut "$DESKTOP\${TITLE}.lnk" "$INSTDIR\python\pythonw.exe" "-m sjs_forms web" "$INSTDIR\图标.ico" 0 SW_SHOWNORMAL "" "填写申报表，放入材料，生成装订版"
  CreateDirectory "$SMPROGRAMS\${TITLE}"
  CreateShortCut "$SMPROGRAMS\${TITLE}\${TITLE}.lnk" "$INSTDIR\python\pythonw.exe" "-m sjs_forms web" "$INSTDIR\图标.ico"
  CreateShortCut "$SMPROGRAMS\${TITLE}\卸载${TITLE}.lnk" "$INSTDIR\卸载.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\图标.ico"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\卸载.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\卸载.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${KIB}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "uninstall"
  Call un.CloseFirst
  Delete "$DESKTOP\${TITLE}.lnk"
  RMDir /r "$SMPROGRAMS\${TITLE}"
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\sjs-forms.cmd"
  Delete "$INSTDIR\许可.txt"
  Delete "$INSTDIR\图标.ico"
  Delete "$INSTDIR\卸载.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
